import { expect, test } from 'vitest';
import type { Change } from '../../../src/activities/changes/change.js';
import { uploadBundle } from '../../../src/activities/steps/upload-bundle.js';
import { sampleBundle } from '../../sample-cluster.js';
import { apply, write } from '../fake-changes.js';
import { bareHost, hostView, type FakeHost } from '../fake-host.js';

const flannel = '/var/lib/temper/bundle/manifests/flannel.yaml';

test('uploads bundle.yaml last, for it says that everything else is there', async () => {
  const [upload] = await planned(bareHost());

  expect(upload).toMatchObject({ kind: 'upload', source: sampleBundle, path: '/var/lib/temper/bundle' });
  expect(pathsOf(upload!).at(-1)).toBe('bundle.yaml');
});

test('uploads a file that was removed, and nothing else', async () => {
  const host = await uploaded();
  delete host.files[flannel];

  const changes = await planned(host);

  expect(changes.map(pathsOf)).toEqual([['manifests/flannel.yaml']]);
});

test("takes another bundle's mark away before it changes that bundle's files", async () => {
  const host = await uploaded();
  write(host, '/var/lib/temper/bundle/bundle.yaml', 'kind: Bundle\n');
  write(host, flannel, 'kind: Other\n');

  const [absent, upload] = await planned(host);

  expect(absent).toEqual({ kind: 'absent', path: '/var/lib/temper/bundle/bundle.yaml' });
  expect(pathsOf(upload!)).toEqual(['manifests/flannel.yaml', 'bundle.yaml']);
});

async function uploaded(): Promise<FakeHost> {
  const host = bareHost();
  for (const change of await planned(host)) apply(host, change);
  return host;
}

async function planned(host: FakeHost): Promise<Change[]> {
  const input = { bundle: sampleBundle };
  return uploadBundle.plan(input, await uploadBundle.read(hostView(host), input));
}

function pathsOf(change: Change): string[] {
  return change.kind === 'upload' ? change.files.map(({ path }) => path) : [];
}
