import type { Cluster } from '../../cluster/cluster.js';
import { isControlPlane, runsEtcd } from '../../cluster/cluster.js';
import type { Clock, NetworkRead } from '../../cluster/network/seen.js';
import { paths } from '../../cluster/paths.js';
import type { HostView } from '../step.js';
import { hearVirtualRouters } from './hear-virtual-routers.js';

/** Reads what is to be compared between the hosts. What is slow to read is read before the host is this cluster's, and never again. */
export async function readNetwork(view: HostView, cluster: Cluster): Promise<NetworkRead> {
  const host = cluster.hosts.find(({ name }) => name === view.name)!;
  const isNew = (await view.facts.text(paths.hostRecord)) === undefined;
  const dataFolder = cluster.spec.kubernetes.clusterConfiguration.etcd?.local?.dataDir ?? paths.etcdData;
  const hasVirtualRouter = cluster.spec.apiServer.keepalived === true && isControlPlane(host);
  const [{ machineId }, productUuid, clock, syncMilliseconds, announced] = await Promise.all([
    view.facts.system(),
    readProductUuid(view),
    readClock(view),
    isNew && runsEtcd(cluster, host) ? measureSync(view, dataFolder) : undefined,
    isNew && hasVirtualRouter ? hearVirtualRouters(view, host.controlPlaneAddress) : undefined,
  ]);
  return { host: host.name, machineId, productUuid, clock, syncMilliseconds, announced };
}

/** Containers show the one of their machine. */
async function readProductUuid(view: HostView): Promise<string | undefined> {
  const script = 'systemd-detect-virt --quiet --container || cat /sys/class/dmi/id/product_uuid';
  return (await view.ask(script)).stdout.trim() || undefined;
}

async function readClock(view: HostView): Promise<Clock> {
  const begun = Date.now();
  const { stdout } = await view.ask('date +%s.%N');
  const ended = Date.now();
  return { ahead: Number(stdout) - (begun + ended) / 2000, uncertain: (ended - begun) / 2000 };
}

/**
 * As etcd writes its log: small blocks one after the other, each on the disk before the next. In the file system of `folder`, in a file that
 * has lost its name before it is written, so that nothing stays. https://etcd.io/docs/v3.6/op-guide/hardware/#disks
 */
async function measureSync(view: HostView, folder: string): Promise<number[]> {
  const { stdout } = await view.ask(syncScript, folder);
  return [...stdout.matchAll(/ ([\d.e-]+) s,/g)].map(([, seconds]) => Number(seconds) * 1000);
}

const syncScript = `
folder=$1
until [ -d "$folder" ]; do folder=$(dirname "$folder"); done
file=$(mktemp "$folder/.temper-sync.XXXXXX") || exit
exec 3<>"$file"
rm "$file"
timeout 3 sh -c 'for block in $(seq 20); do LC_ALL=C dd if=/dev/zero of=/proc/self/fd/3 bs=2300 count=1 oflag=dsync conv=notrunc 2>&1; done'
`;
