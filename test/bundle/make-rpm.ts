import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from '../../bundle/run.js';

/** Makes a small package of its own in `pool`, not signed, with `program` as /usr/bin/<name>. */
export async function makeRpm(pool: string, name: string, version: string, options: RpmOptions = {}): Promise<void> {
  const { epoch = 0, requires, program = '#!/bin/sh\n' } = options;
  const folder = await mkdtemp(join(tmpdir(), 'temper-rpm-'));
  await writeFile(join(folder, name), program);
  const relations = `${epoch ? `Epoch: ${epoch}\n` : ''}${requires ? `Requires: ${requires}\n` : ''}AutoReqProv: no`;
  const about = `Name: ${name}\nVersion: ${version}\nRelease: 1\nSummary: a test\nLicense: none\nBuildArch: x86_64\n${relations}`;
  const install = `mkdir -p %{buildroot}/usr/bin\ninstall -m 755 ${folder}/${name} %{buildroot}/usr/bin`;
  const spec = `${about}\n%description\na test\n%install\n${install}\n%files\n/usr/bin/${name}\n`;
  await writeFile(join(folder, 'test.spec'), spec);
  const macros = ['--define', `_topdir ${folder}`, '--define', `_rpmdir ${folder}/made`];
  await run(['rpmbuild', ...macros, '-bb', '--target', 'x86_64', join(folder, 'test.spec')]);
  const made = join(folder, 'made/x86_64');
  for (const file of await readdir(made)) await rename(join(made, file), join(pool, file));
  await rm(folder, { recursive: true });
}

export interface RpmOptions {
  epoch?: number;
  requires?: string;
  program?: string;
}
