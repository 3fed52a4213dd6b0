import { kubeconfigText } from '../../cluster/kubeadm/kubeconfig.js';
import { readAuthority } from './certificate.js';
import type { KubeconfigChange } from './change.js';
import { oneByOne } from './kind.js';
import type { Kind } from './kind.js';
import { makeCertificate } from './pki.js';
import { writeFiles } from './write-files.js';

export const kubeconfig: Kind<KubeconfigChange> = {
  target: ({ path }) => path,
  describe: ({ path, user }) => `Make the kubeconfig ${path} of ${user}`,
  content: ({ user, organizations, server, ca }) =>
    `<kubeconfig of ${[user, ...organizations].join(' ')} at ${server}, signed by ${ca}>`,
  mode: () => '0600',
  apply: oneByOne(async (writer, { path, server, clusterName, user, organizations, ca, algorithm, validityHours }) => {
    const signer = await readAuthority(writer, ca);
    const spec = {
      commonName: user,
      organizations,
      isCa: false,
      usages: ['client' as const],
      dnsNames: [],
      ipAddresses: [],
    };
    const client = await makeCertificate({ spec, algorithm, validityHours, notBefore: 'ca', signer });
    const content = kubeconfigText({ server, clusterName, user, caPem: signer.certificatePem, client });
    await writeFiles(writer, `writing ${path}`, [{ path, mode: '0600', content }], `[ -e '${path}' ]`);
  }),
};
