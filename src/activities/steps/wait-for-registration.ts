import { paths } from '../../cluster/paths.js';
import { bootstrapKubeconfigPath } from '../has-joined.js';
import { defineStep, type HostView } from '../step.js';

/** Changes nothing: the kubelet has its certificate and its Node is there, so that the Node can be marked before anything runs on it. */
export const waitForRegistration = defineStep({
  title: 'Wait for the node to register',
  truth: 'passing',
  read: async (_host, _input: { nodeName: string }) => undefined,
  plan: () => [],
  verify: (host, { nodeName }) => untilRegistered(host, nodeName, tokenHint),
});

/** Asked with the kubelet's own credentials, as nobody else may have access yet. */
export function untilRegistered(host: HostView, nodeName: string, hint?: string): Promise<void> {
  const look = async () => {
    const { code, stderr } = await host.ask(`test -s '${paths.kubernetes}/kubelet.conf' && ${getNode}`, nodeName);
    return code === 0 ? undefined : stderr.trim() || 'the kubelet has no certificate yet';
  };
  return host.until('the node to be registered', 300, look, hint);
}

/** The kubelet ends by itself every five minutes without a certificate, and takes the new token when it starts again. */
const tokenHint = `its join token is good for two hours; when it has run out: rm ${bootstrapKubeconfigPath} on the host, temper abort, temper bootstrap`;

export const getNode = `kubectl --kubeconfig='${paths.kubernetes}/kubelet.conf' --request-timeout=10s get node "$1"`;
