import type { EtcdMember, EtcdStatus } from '../cluster/etcd-membership.js';
import type { EtcdPod } from '../cluster/kubeadm/static-pods.js';
import { paths } from '../cluster/paths.js';
import type { Change } from './changes/change.js';
import { containerFunctions } from './containers.js';
import type { Ask } from './facts/question.js';
import { probe } from './probe.js';
import { correctedSpecHint, manifestDrift, manifestPath, type ManifestFacts } from './static-pod.js';
import type { HostView } from './step.js';

/** Waits until this host's member votes: a learner is not ready. */
export async function untilMemberIsHealthy(host: HostView, pod: EtcdPod): Promise<void> {
  const { scheme, host: address, port } = pod.probe;
  const server = `${scheme.toLowerCase()}://${address}:${port}`;
  await host.until('etcd to be ready', 240, () => probe(host, server, '/readyz'), startHint(pod));
  await host.until('the etcd member to be healthy', 60, async () => {
    // Lets the member commit a proposal.
    const { code, stdout, stderr } = await host.ask(`${etcdctl} etcdctl "$@"`, ourselves, 'endpoint', 'health');
    return code === 0 ? undefined : `${stdout}${stderr}`.trim();
  });
}

/** A member that has data may have its place in the cluster by now: its manifest is the user's. */
function startHint({ dataDir }: EtcdPod): string {
  return `${correctedSpecHint}; a member that has data in ${dataDir} already keeps its manifest: edit ${manifestPath('etcd')}, temper retry`;
}

/** What a member was first started with stays in its manifest for good, so it is no drift. `text`: of the manifest that is there. */
export function etcdDrift(pod: EtcdPod, manifest: ManifestFacts, text = ''): Change[] {
  const isFirstStart = (argument: string) => /^--initial-cluster(-state)?=/.test(argument);
  const own = text
    .split('\n')
    .map((line) => line.trim().replace(/^- /, ''))
    .filter(isFirstStart);
  const at = pod.args.findIndex(isFirstStart);
  const others = pod.args.filter((argument) => !isFirstStart(argument));
  return manifestDrift('etcd', { ...pod, args: others.toSpliced(at, 0, ...own) }, manifest);
}

/**
 * The members as the host's own one knows them, which works without a quorum too; undefined when none runs there or it does not answer. Each is
 * asked for its status: one that does not answer costs three seconds.
 */
export async function askMembers(ask: Ask): Promise<EtcdMember[] | undefined> {
  const { code, stdout } = await ask(`${etcdctl}${membersScript}`, { args: [ourselves] });
  if (code !== 0) return undefined;
  const [list = '', statuses = ''] = stdout.split('\n\n');
  return parseMembers(list, statuses);
}

/** Endpoint of the member on the host where etcdctl runs. */
export const ourselves = 'https://127.0.0.1:2379';

/** A shell function: etcdctl inside the running container of etcd. Its first argument are the endpoints. */
export const etcdctl = `${containerFunctions}etcdctl() {
  endpoints=$1
  shift
  inside etcd etcdctl --endpoints="$endpoints" --command-timeout=3s \\
    --cacert=${paths.pki}/etcd/ca.crt --cert=${paths.pki}/etcd/healthcheck-client.crt --key=${paths.pki}/etcd/healthcheck-client.key "$@"
}
`;

/** Members as text, for only there etcdctl gives both hexadecimal ids and learners; an empty line; status of those that answer as JSON. */
const membersScript = `
members=$(etcdctl "$1" member list --consistency=s) || exit
printf '%s\\n\\n' "$members"
endpoints=$(printf '%s\\n' "$members" | awk -F ', ' '$2 == "started" { print $5 }' | paste -sd ,)
etcdctl "$endpoints" endpoint status --write-out=json || true
`;

/** `list`: one member a line, `ID, started, NAME, PEER URLS, CLIENT URLS, IS LEARNER`. */
export function parseMembers(list: string, statuses: string): EtcdMember[] {
  const byEndpoint = new Map(parseStatuses(statuses).map(({ endpoint, status }) => [endpoint, status]));
  return list
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [id = '', , name = '', peerUrls = '', clientUrls = '', isLearner] = line.split(', ');
      const endpoints = clientUrls.split(',').filter(Boolean);
      return {
        id,
        name,
        peerUrls: peerUrls.split(','),
        clientUrls: endpoints,
        isLearner: isLearner === 'true',
        status: endpoints.map((endpoint) => byEndpoint.get(endpoint)).find(Boolean),
      };
    });
}

function parseStatuses(text: string): { endpoint: string; status: EtcdStatus }[] {
  if (!text.trim()) return [];
  const rows: { Endpoint: string; Status: { leader?: number; raftAppliedIndex?: number; errors?: string[] } }[] =
    JSON.parse(text) ?? [];
  return rows.map(({ Endpoint, Status: { leader = 0, raftAppliedIndex = 0, errors = [] } }) => ({
    endpoint: Endpoint,
    status: {
      hasLeader: leader !== 0,
      appliedIndex: raftAppliedIndex,
      errors: errors.filter((error) => error !== 'etcdserver: no leader'),
    },
  }));
}
