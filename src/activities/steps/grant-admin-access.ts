import { paths } from '../../cluster/paths.js';
import { objectChanges, readObjects, renderObjects } from '../kept-objects.js';
import { defineStep } from '../step.js';

/** Makes the user of admin.conf an administrator. Only super-admin.conf can do that, and it is used for nothing else. */
export const grantAdminAccess = defineStep({
  title: 'Grant access to administrators',
  truth: 'kept',
  read: ({ facts }, { server }: { server: string }) => readObjects(facts, server, wanted()),
  plan: ({ server }, present) =>
    objectChanges(server, wanted(), present).map((change) => ({ ...change, kubeconfig: superAdmin })),
  verify: (host, { server }) =>
    host.until('admin.conf to have access', 60, async () => {
      const { stdout, stderr } = await host.ask(
        `kubectl --kubeconfig='${paths.kubernetes}/admin.conf' --server="$1" auth can-i '*' '*'`,
        server,
      );
      return stdout.trim() === 'yes' ? undefined : `kubectl auth can-i: ${stdout}${stderr}`.trim();
    }),
});

const superAdmin = `${paths.kubernetes}/super-admin.conf`;
const wanted = () => renderObjects('admin-access');
