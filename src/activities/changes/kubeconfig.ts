import { kubeconfigText } from '../../cluster/kubeadm/kubeconfig.js';
import { readAuthorities } from './certificate.js';
import type { KubeconfigChange } from './change.js';
import type { Kind } from './kind.js';
import { makeCertificate } from './pki.js';
import { writeFiles } from './write-files.js';

export const kubeconfig: Kind<KubeconfigChange> = {
  target: ({ path }) => path,
  describe: ({ path, user }) => `Make the kubeconfig ${path} of ${user}`,
  content: ({ user, organizations, server, ca }) =>
    `<kubeconfig of ${[user, ...organizations].join(' ')} at ${server}, signed by ${ca}>`,
  mode: () => '0600',
  apply: async (writer, changes) => {
    const authorities = await readAuthorities(
      writer,
      changes.map(({ ca }) => ca),
    );
    const files = await Promise.all(
      changes.map(async ({ path, server, clusterName, user, organizations, ca, algorithm, validityHours }) => {
        const signer = authorities.get(ca)!;
        const names = { dnsNames: [], ipAddresses: [] };
        const spec = { commonName: user, organizations, isCa: false, usages: ['client' as const], ...names };
        const client = await makeCertificate({ spec, algorithm, validityHours, notBefore: 'ca', signer });
        const content = kubeconfigText({ server, clusterName, user, caPem: signer.certificatePem, client });
        return { path, mode: '0600', content, unless: [path] };
      }),
    );
    await writeFiles(writer, `writing ${changes.map(({ path }) => path).join(', ')}`, files);
  },
};
