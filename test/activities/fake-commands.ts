import type { CommandResult } from '../../src/activities/step.js';
import { joinLabel } from '../../src/activities/changes/change.js';
import { write } from './fake-changes.js';
import { listMembers } from './fake-etcd.js';
import { objectKey, textOf, type FakeHost } from './fake-host.js';

/** What the fake host answers to `HostView.ask`: the first row whose pattern the script matches. Left out: exit code 0, no output. */
export const answers: { asked: RegExp; answer(host: FakeHost, ...args: string[]): Partial<CommandResult> }[] = [
  { asked: /\/dev\/udp\//, answer: () => ({}) },
  { asked: /^id -u$/, answer: () => ({ stdout: '0\n' }) },
  { asked: /^timeout 3 getent/, answer: () => ({ code: 2 }) },
  { asked: /^find "\$1" -type f -printf '%s %P/, answer: listSizes },
  { asked: /member list/, answer: listMembers },
  { asked: /get secrets .*bootstrap\.kubernetes\.io\/token/s, answer: listBootstrapTokens },
];

/** What a `command` change does to the fake host, by how its title begins. */
export const commandEffects: Record<string, (host: FakeHost, ...args: string[]) => void> = {
  "Record the cluster CA's fingerprint": (host, ca, record) =>
    write(host, record!, `${JSON.parse(textOf(host, `${ca}.crt`)!).fingerprint}\n`),
  'Mark the node as control plane': (host, _server, name) => {
    const node = host.objects[objectKey({ apiVersion: 'v1', kind: 'Node', name: name! })]!;
    node.metadata.labels = { ...node.metadata.labels, 'node-role.kubernetes.io/control-plane': '' };
  },
  'Stop the Salt minion': (host) => {
    host.units['salt-minion'] = { load: 'loaded', active: 'inactive', enabled: 'disabled' };
  },
  'Delete the bootstrap token of': (host, _server, name) => {
    for (const [key, object] of Object.entries(host.objects))
      if (object.metadata.labels?.[joinLabel] === name) delete host.objects[key];
  },
};

function listSizes(host: FakeHost, folder: string): Partial<CommandResult> {
  const lines = Object.entries(host.files)
    .filter(([path]) => path.startsWith(`${folder}/`))
    .flatMap(([path, file]) =>
      file.type === 'file' ? [`${Buffer.byteLength(file.content)} ${path.slice(folder.length + 1)}\n`] : [],
    );
  return { stdout: lines.join('') };
}

function listBootstrapTokens(host: FakeHost): Partial<CommandResult> {
  const names = Object.keys(host.objects).filter((key) => key.startsWith('v1 Secret kube-system/bootstrap-token-'));
  return { stdout: names.map((key) => `secret/${key.split('/').at(-1)}\n`).join('') };
}
