import type { NetworkAgent } from '../../cluster/network-add-ons.js';
import { probe, untilServicesAnswer } from '../probe.js';
import { defineStep, type HostView } from '../step.js';
import { getNode, untilRegistered } from './wait-for-registration.js';

/** Changes nothing: the kubelet has its certificate, the Node is there, pods get a network on it, and Services can be reached from it. */
export const waitForNode = defineStep({
  title: 'Wait for the node',
  truth: 'passing',
  read: async (_host, _input: AwaitedNode) => undefined,
  plan: () => [],
  verify: async (host, { nodeName, agent, services }) => {
    await untilRegistered(host, nodeName);
    if (agent) await untilNetworked(host, nodeName, agent);
    await untilServicesAnswer(host, services);
  },
});

export interface AwaitedNode {
  nodeName: string;
  /** None without a network add-on, which would make the node Ready. */
  agent?: NetworkAgent;
  /** See `serviceOfApiServer`. */
  services: string;
}

/** The node is asked for with the kubelet's own credentials. Its pod of the agent is not: of that one's health the kubelet tells up to ten seconds late. */
export async function untilNetworked(host: HostView, nodeName: string, agent: NetworkAgent): Promise<void> {
  const { daemonSet, mark, health } = agent;
  await host.until(`${daemonSet} to set up the node`, 300, () => lacks(host, mark));
  await host.until('the node to be Ready', 300, () => unready(host, nodeName));
  if (health) await host.until(`${daemonSet} to be ready`, 300, () => probe(host, health, '/readiness'));
}

async function lacks({ ask }: HostView, path: string): Promise<string | undefined> {
  const { code } = await ask('test -e "$1"', path);
  return code === 0 ? undefined : `there is no ${path}`;
}

async function unready({ ask }: HostView, nodeName: string): Promise<string | undefined> {
  const conditions = '{range .status.conditions[?(@.type=="Ready")]}{.status} {.message}{end}';
  const { stdout, stderr } = await ask(`${getNode} -o jsonpath='${conditions}'`, nodeName);
  return stdout.startsWith('True') ? undefined : stdout.trim() || stderr.trim() || 'it has no condition Ready';
}
