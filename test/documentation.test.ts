import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { runbookDiagram } from '../src/cli/views/runbook-diagram.js';

/** `npm run docs` writes what these tests expect. */
test('the diagram in ARCHITECTURE.md is the runbook', async () => {
  const document = await readFile('ARCHITECTURE.md', 'utf8');

  const [before, after] = [document.split('<!-- runbook:begin')[0], document.split('<!-- runbook:end -->')[1]];
  const diagram = `<!-- runbook:begin (made by \`npm run docs\`) -->\n\`\`\`mermaid\n${runbookDiagram()}\n\`\`\`\n<!-- runbook:end -->`;

  await expect(`${before}${diagram}${after}`).toMatchFileSnapshot('../ARCHITECTURE.md');
});
