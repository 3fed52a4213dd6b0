import { untilServicesAnswer } from '../probe.js';
import { defineStep, type HostView } from '../step.js';
import { getNode, untilRegistered } from './wait-for-registration.js';

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
    await untilRegistered(host, nodeName);
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

async function unready({ ask }: HostView, nodeName: string): Promise<string | undefined> {
  const conditions = '{range .status.conditions[?(@.type=="Ready")]}{.status} {.message}{end}';
  const { stdout, stderr } = await ask(`${getNode} -o jsonpath='${conditions}'`, nodeName);
  return stdout.startsWith('True') ? undefined : stdout.trim() || stderr.trim() || 'it has no condition Ready';
}
