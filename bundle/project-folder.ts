import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. This code runs from it or from its dist folder, but Go modules and unit files lie only in the checkout. */
export const projectFolder = folderWithPackageJson(dirname(fileURLToPath(import.meta.url)));

function folderWithPackageJson(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : folderWithPackageJson(dirname(folder));
}
