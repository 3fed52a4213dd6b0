import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../../bundle/project-folder.js';
import { readBundle, verifyWholeBundle } from '../../src/activities/read-bundle.js';
import { temporaryFolder } from '../temporary-folder.js';

test('a bundle that lacks many files is refused in one line', async () => {
  const folder = temporaryFolder('bundle');
  await copyFile(join(projectFolder, 'test/sample-bundle/bundle.yaml'), join(folder, 'bundle.yaml'));

  await expect(verifyWholeBundle({ folder })).rejects.toMatchObject({
    code: 'BUNDLE_INVALID',
    message: expect.stringMatching(/^(\/[^;]+: is [^;]+; ){3}and \d+ more$/),
    hint: `temper bundle verify ${folder}`,
  });
});

test('a folder that is no bundle is refused at the first look', async () => {
  const folder = temporaryFolder('bundle');

  await expect(readBundle({ folder })).rejects.toMatchObject({
    code: 'BUNDLE_INVALID',
    message: `${folder}/bundle.yaml: is missing: ${folder} is not a bundle`,
  });
});
