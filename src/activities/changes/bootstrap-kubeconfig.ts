import { kubeconfigText } from '../../cluster/kubeadm/kubeconfig.js';
import { createToken } from './bootstrap-token.js';
import { joinLabel } from './change.js';
import type { BootstrapKubeconfigChange } from './change.js';
import { oneByOne } from './kind.js';
import type { Kind } from './kind.js';
import { writeFiles } from './write-files.js';
import { readHostFile } from './writer.js';

export const bootstrapKubeconfig: Kind<BootstrapKubeconfigChange> = {
  target: ({ path }) => path,
  describe: ({ path, nodeName, from }) =>
    `Make the kubeconfig ${path} with a bootstrap token for ${nodeName} from ${from.host.name}`,
  content: ({ server, nodeName }) => `<kubeconfig of a bootstrap token for ${nodeName} at ${server}>`,
  mode: () => '0600',
  apply: oneByOne(async (writer, { path, server, clusterName, ca, nodeName, ttlHours, from }) => {
    const caPem = await readHostFile(writer, `${ca}.crt`);
    const token = await createToken(await writer.elsewhere(from.host), {
      server: from.server,
      ttlHours,
      groups: ['system:bootstrappers:kubeadm:default-node-token'],
      description: `Lets ${nodeName} join`,
      labels: { [joinLabel]: nodeName },
    });
    const user = 'tls-bootstrap-token-user';
    const content = kubeconfigText({ server, clusterName, user, caPem, client: { token } });
    await writeFiles(writer, `writing ${path}`, [{ path, mode: '0600', content, unless: [path] }]);
  }),
};
