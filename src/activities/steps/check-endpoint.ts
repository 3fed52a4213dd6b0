import { sharedPki } from '../../cluster/kubeadm/certificates.js';
import { probe } from '../probe.js';
import { defineStep } from '../step.js';

/** An endpoint that somebody else manages is looked at, not made: kube-proxy and every further node go by it. */
export const checkEndpoint = defineStep({
  title: 'Check the endpoint of the API servers',
  truth: 'kept',
  read: async (_host, _input: Endpoint) => undefined,
  plan: () => [],
  verify: (host, { endpoint }) =>
    host.until(
      `${endpoint} to lead to this cluster`,
      60,
      () => probe(host, endpoint, '/livez', `${sharedPki.ca}.crt`),
      'let the load balancer or virtual IP pass TCP on to port 6443 of the control planes, then temper retry',
    ),
});

export interface Endpoint {
  /** URL. */
  endpoint: string;
}
