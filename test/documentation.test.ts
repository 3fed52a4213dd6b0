import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { portList } from '../src/cli/views/port-list.js';
import { runbookDiagram } from '../src/cli/views/runbook-diagram.js';

/** `npm run docs` writes what these tests expect. */
test.each([
  [
    'the diagram in ARCHITECTURE.md is the runbook',
    'ARCHITECTURE.md',
    'runbook',
    `\`\`\`mermaid\n${runbookDiagram()}\n\`\`\``,
  ],
  ['the table in docs/firewall.md is the port table', 'docs/firewall.md', 'ports', portList()],
])('%s', async (_, path, name, made) => {
  const document = await readFile(path, 'utf8');

  const [before, after] = [document.split(`<!-- ${name}:begin`)[0], document.split(`<!-- ${name}:end -->`)[1]];
  const part = `<!-- ${name}:begin (made by \`npm run docs\`) -->\n${made}\n<!-- ${name}:end -->`;

  await expect(`${before}${part}${after}`).toMatchFileSnapshot(`../${path}`);
});
