import { paths } from '../../cluster/paths.js';
import { untilServicesAnswer } from '../probe.js';
import { defineStep, type HostView } from '../step.js';

/**
 * Changes nothing: the kubelet has its certificate, the Node is there and Ready, and Services
 * can be reached from it. Asked with the kubelet's own credentials.
 */
export const waitForNode = defineStep({
  title: 'Wait for the node',
  truth: 'passing',
  read: async (_host, _input: AwaitedNode) => undefined,
  plan: () => [],
  verify: async (host, { nodeName, mustBeReady, services }) => {
    await host.until('the node to be registered', 300, () => missing(host, nodeName));
    if (mustBeReady) await host.until('the node to be Ready', 300, () => unready(host, nodeName));
    await untilServicesAnswer(host, services);
  },
});

export interface AwaitedNode {
  nodeName: string;
  /** False without a network add-on, which would make it Ready. */
  mustBeReady: boolean;
  /** See `serviceOfApiServer`. */
  services: string;
}

const getNode = `kubectl --kubeconfig='${paths.kubernetes}/kubelet.conf' --request-timeout=10s get node "$1"`;

async function missing({ ask }: HostView, nodeName: string): Promise<string | undefined> {
  const { code, stderr } = await ask(`test -s '${paths.kubernetes}/kubelet.conf' && ${getNode}`, nodeName);
  return code === 0 ? undefined : stderr.trim() || 'the kubelet has no certificate yet';
}

async function unready({ ask }: HostView, nodeName: string): Promise<string | undefined> {
  const conditions = '{range .status.conditions[?(@.type=="Ready")]}{.status} {.message}{end}';
  const { stdout, stderr } = await ask(`${getNode} -o jsonpath='${conditions}'`, nodeName);
  return stdout.startsWith('True') ? undefined : stdout.trim() || stderr.trim() || 'it has no condition Ready';
}
