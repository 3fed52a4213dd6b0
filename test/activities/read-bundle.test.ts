import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectFolder } from '../../bundle/project-folder.js';
import { readBundle } from '../../src/activities/read-bundle.js';
import { temporaryFolder } from '../temporary-folder.js';

test('a bundle that lacks many files is refused in one line', async () => {
  const folder = temporaryFolder('bundle');
  await copyFile(join(projectFolder, 'test/sample-bundle/bundle.yaml'), join(folder, 'bundle.yaml'));

  await expect(readBundle({ folder })).rejects.toMatchObject({
    code: 'BUNDLE_INVALID',
    message: expect.stringMatching(/^(\/[^;]+: is [^;]+; ){3}and \d+ more$/),
    hint: `temper bundle verify ${folder}`,
  });
});
