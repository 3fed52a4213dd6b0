import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { createFacts } from '../../../src/activities/facts/create-facts.js';
import type { Ask } from '../../../src/activities/facts/question.js';
import { localDoor } from '../../host/local-door.js';

const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'cp1' } };
const ref = { server: 'https://10.0.0.11:6443', apiVersion: 'v1', kind: 'Node', name: 'cp1' };
const configured = [
  'etc/kubernetes/admin.conf',
  'etc/kubernetes/manifests/kube-apiserver.yaml',
  'var/lib/kubelet/config.yaml',
];

test.each([
  ['on a bare host', [], 'nothing was asked'],
  ['where the API server was never healthy', configured.slice(0, 2), 'get'],
])('nothing is there %s, which is known at once', async (_, files, asked) => {
  const { facts, calls } = await hostWith(files, { refusals: 99 });

  expect(await facts.object(ref)).toBeUndefined();
  expect(calls()).toBe(asked);
});

test('on a host that boots the API server is waited for', async () => {
  const { facts, calls } = await hostWith(configured, { refusals: 3 });

  expect(await facts.object(ref)).toEqual(node);
  expect(calls()).toBe('get readyz get readyz get');
});

test('what an API server that is ready refuses to tell is not waited for', async () => {
  const { facts } = await hostWith(configured, { refusals: 99, readyzRefusals: 0 });

  expect(await facts.object(ref)).toBeUndefined();
});

/** A host whose kubectl is refused so many times before it is answered, and whose kubelet runs. */
async function hostWith(
  files: string[],
  { refusals, readyzRefusals = 99 }: { refusals: number; readyzRefusals?: number },
) {
  const { root, run } = await localDoor();
  for (const file of files) put(join(root, file), '');
  put(join(root, 'bin/systemctl'), '#!/bin/sh\necho activating\n');
  put(
    join(root, 'bin/kubectl'),
    `#!/bin/sh
case "$*" in *readyz*) what=readyz limit=${readyzRefusals} ;; *) what=get limit=${refusals} ;; esac
echo $what >>'${root}/calls'
[ "$(wc -l <'${root}/calls')" -gt $limit ] || { echo 'connection refused' >&2; exit 1; }
[ $what = readyz ] || echo '${JSON.stringify(node)}'
`,
  );
  const ask: Ask = (script, options) =>
    run(
      `PATH='${root}/bin':$PATH\n${script.replaceAll(/\/(etc\/kubernetes|var\/lib\/kubelet)/g, `${root}/$1`)}`,
      options,
    );
  const calls = () => {
    try {
      return readFileSync(join(root, 'calls'), 'utf8').trim().split('\n').join(' ');
    } catch {
      return 'nothing was asked';
    }
  };
  return { facts: createFacts(ask), calls };
}

function put(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: 0o755 });
}
