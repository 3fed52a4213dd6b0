import type { NetworkAgent } from '../../cluster/network-add-ons.js';
import { paths } from '../../cluster/paths.js';
import { untilServicesAnswer } from '../probe.js';
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

/** Asked with the kubelet's own credentials, which may see the node's own pods. */
export async function untilNetworked(host: HostView, nodeName: string, agent: NetworkAgent): Promise<void> {
  const { namespace, daemonSet, selector, mark } = agent;
  const logs = `kubectl -n ${namespace} logs -l ${selector} --field-selector spec.nodeName=${nodeName} --all-containers`;
  await host.until(`${daemonSet} to set up the node`, 300, () => lacksMark(host, mark), logs);
  await host.until('the node to be Ready', 300, () => unready(host, nodeName), logs);
  await host.until(`the pod of ${daemonSet} to be Ready`, 300, () => lacksAgent(host, nodeName, agent), logs);
}

async function lacksMark({ ask }: HostView, mark: string): Promise<string | undefined> {
  const { code } = await ask('test -e "$1"', mark);
  return code === 0 ? undefined : `there is no ${mark}`;
}

async function unready({ ask }: HostView, nodeName: string): Promise<string | undefined> {
  const { stdout, stderr } = await ask(`${getNode} -o jsonpath='${readiness}'`, nodeName);
  return stdout.startsWith('True') ? undefined : stdout.trim() || stderr.trim() || 'it has no condition Ready';
}

/** While one pod of the agent takes the place of another, both are there. */
async function lacksAgent({ ask }: HostView, nodeName: string, agent: NetworkAgent): Promise<string | undefined> {
  const { stdout, stderr } = await ask(getPods, nodeName, agent.namespace, agent.selector);
  const pods = stdout.trim().split('\n');
  return pods.some((pod) => pod.startsWith('True')) ? undefined : pods.join('; ') || stderr.trim() || 'there is none';
}

const readiness = '{range .status.conditions[?(@.type=="Ready")]}{.status} {.message}{end}';

const getPods =
  `kubectl --kubeconfig='${paths.kubernetes}/kubelet.conf' --request-timeout=10s get pods --namespace="$2" --selector="$3" ` +
  `--field-selector="spec.nodeName=$1" -o jsonpath='{range .items[*]}${readiness}{"\\n"}{end}'`;
