import { TemperError } from '../../cluster/errors.js';
import { initialCluster, memberAt } from '../../cluster/etcd-membership.js';
import { membersPlaceholder } from '../../cluster/kubeadm/static-pods.js';
import { askMembers } from '../etcd.js';
import { render } from '../render.js';
import type { EtcdManifestChange } from './change.js';
import { oneByOne, sha256 } from './kind.js';
import type { Kind } from './kind.js';
import { writeFiles } from './write-files.js';

export const etcdManifest: Kind<EtcdManifestChange> = {
  target: ({ path }) => path,
  describe: ({ path }) => `Write ${path} (0600)`,
  content: ({ path, pod }) => sha256(render(path, { pod })),
  mode: () => '0600',
  texts: async ({ path, pod }, facts) => ({ before: (await facts.text(path)) ?? '', after: render(path, { pod }) }),
  apply: oneByOne(async (writer, { path, pod, name, peerUrl, member }) => {
    const members = await askMembers((await writer.elsewhere(member)).ask);
    if (!members || !memberAt(members, peerUrl)) {
      throw new TemperError('NOT_READY', `${member.name}: etcd has no member at ${peerUrl}, or does not answer`);
    }
    const others = initialCluster(members, { name, peerUrl });
    const args = pod.args.map((argument) => argument.replace(membersPlaceholder, others));
    await writeFiles(writer, `writing ${path}`, [
      { path, mode: '0600', content: render(path, { pod: { ...pod, args } }) },
    ]);
  }),
};
