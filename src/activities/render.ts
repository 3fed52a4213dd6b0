import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import nunjucks from 'nunjucks';
import { goYamlScalar } from '../cluster/kubeadm/go-yaml.js';

/**
 * Renders `templates/<path>.njk`. The path is the file's own on the host (`/etc/kubernetes/manifests/etcd.yaml`), or one below `objects/`.
 * A name that a template prints and `values` lacks throws. The filter `yaml` writes a
 * scalar as Go's YAML would, quoted only where it must be; its arguments are the indent of further lines and the column where it starts.
 */
export function render(path: string, values: object): string {
  return environment.render(`${path.replace(/^\//, '')}.njk`, values);
}

const environment = new nunjucks.Environment(new nunjucks.FileSystemLoader(templatesFolder()), {
  autoescape: false,
  throwOnUndefined: true,
  trimBlocks: true,
  lstripBlocks: true,
});
environment.addFilter('yaml', (value: unknown, indent = 0, column: number = indent) =>
  goYamlScalar(value, indent, column),
);

/** Beside package.json, which is one folder higher from dist/src than from src. */
function templatesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'templates');
}
