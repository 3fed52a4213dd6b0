import { sharedPki } from '../../cluster/kubeadm/certificates.js';
import { grown } from '../../cluster/cluster.js';
import { paths } from '../../cluster/paths.js';
import { apiServerPort } from '../../cluster/ports.js';
import type { VirtualRouter } from '../../cluster/virtual-ip.js';
import type { Change, FileChange } from '../changes/change.js';
import { untilContainerRuns } from '../containers.js';
import type { FactReaders } from '../facts/facts.js';
import { differingFiles, inputsDigest, keptFile, readFiles } from '../kept-files.js';
import { probe } from '../probe.js';
import { render } from '../render.js';
import { defineStep } from '../step.js';

/** keepalived as a static pod: the virtual IP stands on one of the control planes whose own API server is healthy. */
export const startKeepalived = defineStep({
  title: 'Start keepalived',
  truth: 'kept',
  read: async ({ facts }, input: Keepalived) => {
    const wanted = filesOf(await amongPeers(facts, input), await interfaceWith(facts, input.router.address));
    return { wanted, present: await readFiles(facts, wanted) };
  },
  plan: (_input, { wanted, present }): Change[] => differingFiles(wanted, present),
  verify: async (host, input) => {
    const { virtualIP, address } = input.router;
    const among = await amongPeers(host.facts, input);
    const digest = inputsDigest(configFiles(among, await interfaceWith(host.facts, address)));
    await untilContainerRuns(host, 'keepalived', digest);
    await host.until(`the virtual IP ${virtualIP} to lead to a healthy API server`, 60, () =>
      probe(host, `https://${virtualIP}:${apiServerPort}`, '/livez', `${sharedPki.ca}.crt`),
    );
  },
});

export interface Keepalived {
  cluster: string;
  nodeName: string;
  router: VirtualRouter;
  /** Peers that it has already stay, as this run does not know all control planes. */
  keepsPeers: boolean;
  /** URL of the host's own API server: while that one is not healthy, the virtual IP is not here. */
  server: string;
  image: string;
}

const configPath = `${paths.keepalived}/keepalived.conf`;
const scriptPath = `${paths.keepalived}/run.sh`;
const manifestPath = `${paths.manifests}/temper-keepalived.yaml`;

/** A control plane that nobody else listens to takes the virtual IP too: so one that is left alone stays a peer, and an election that stands stays. */
async function amongPeers(facts: FactReaders, input: Keepalived): Promise<Keepalived> {
  const config = input.keepsPeers ? await facts.text(configPath) : undefined;
  if (!config) return input;
  const { router } = input;
  const before = /unicast_peer \{([^}]*)\}/.exec(config)?.[1]?.split(/\s+/).filter(Boolean) ?? [];
  const peers = grown(
    before.filter((peer) => peer !== router.virtualIP),
    router.peers,
  );
  const priority = peers.length === before.length ? Number(/priority (\d+)/.exec(config)?.[1]) : router.priority;
  return { ...input, router: { ...router, peers, priority: priority || router.priority } };
}

async function interfaceWith(facts: FactReaders, wanted: string): Promise<string> {
  const { addresses } = await facts.system();
  return addresses.find(({ address }) => address === wanted)?.interface ?? `interface-with-${wanted}`;
}

function filesOf(input: Keepalived, interfaceName: string): FileChange[] {
  const config = configFiles(input, interfaceName);
  const manifest = render(manifestPath, { image: input.image, configSha256: inputsDigest(config) });
  return [...config, keptFile(manifestPath, manifest, '0600')];
}

function configFiles({ cluster, nodeName, router, server }: Keepalived, interfaceName: string): FileChange[] {
  // With no peer keepalived falls back to multicast. The virtual IP itself is on this very host whenever there is something to send.
  const unicastPeers = router.peers.length ? router.peers : [router.virtualIP];
  const values = { ...router, cluster, nodeName, server, unicastPeers, interface: interfaceName };
  return [configPath, scriptPath].map((path) => keptFile(path, render(path, values)));
}
