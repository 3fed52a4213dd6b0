import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from './run.js';

/** The few files that programs expect in any root. */
export const skeleton: Record<string, string> = {
  'etc/passwd': 'root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n',
  'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  'etc/nsswitch.conf': 'hosts: files dns\n',
};

/** What umoci is told of every image. */
export const imageSettings = {
  path: '--config.env=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  created: '--created=1970-01-01T00:00:00Z',
} as const;

export async function makeSkeleton(root: string): Promise<void> {
  for (const folder of ['etc', 'root', 'run', 'tmp', 'var/log', 'var/lib', 'var/tmp']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await chmod(join(root, 'tmp'), 0o1777);
  await chmod(join(root, 'var/tmp'), 0o1777);
  for (const [file, content] of Object.entries(skeleton)) await writeFile(join(root, file), content);
}

/** Packs a root as a layer. The same files give the same bytes, so the same layer and digest. */
export async function archive(root: string, tar: string): Promise<string> {
  const sameBytes = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await run(['tar', '--create', ...sameBytes, '--file', tar, '--directory', root, '.']);
  return tar;
}
