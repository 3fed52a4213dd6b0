import { goYaml } from './go-yaml.js';

export interface KubeconfigParts {
  server: string;
  clusterName: string;
  user: string;
  caPem: string;
  /** Embedded; or the file on the host that holds certificate and key; or a bootstrap token. */
  client: { certificatePem: string; keyPem: string } | { file: string } | { token: string };
}

/** A kubeconfig with kubeadm's bytes. */
export function kubeconfigText({ server, clusterName, user, caPem, client }: KubeconfigParts): string {
  const context = `${user}@${clusterName}`;
  return goYaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: clusterName, cluster: { 'certificate-authority-data': base64(caPem), server } }],
    contexts: [{ name: context, context: { cluster: clusterName, user } }],
    'current-context': context,
    users: [{ name: user, user: clientFields(client) }],
  });
}

/** What the ConfigMap cluster-info tells a machine that trusts nobody yet: one cluster without a name, no user. */
export function clusterInfoText(server: string, caPem: string): string {
  return goYaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: '', cluster: { 'certificate-authority-data': base64(caPem), server } }],
    contexts: null,
    'current-context': '',
    users: null,
  });
}

function clientFields(client: KubeconfigParts['client']) {
  if ('token' in client) return client;
  return 'file' in client
    ? { 'client-certificate': client.file, 'client-key': client.file }
    : { 'client-certificate-data': base64(client.certificatePem), 'client-key-data': base64(client.keyPem) };
}

/** Without Node's Buffer, because workflow code imports this folder. PEM is ASCII. */
function base64(ascii: string): string {
  return btoa(ascii);
}
