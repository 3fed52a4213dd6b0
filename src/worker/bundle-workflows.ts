import { rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { workflowBundleFile } from './settings.js';

const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)),
  logger: new DefaultLogger('WARN'),
});
// A worker that starts during the build sees the old bundle or the new one, never half of it.
await writeFile(`${workflowBundleFile()}.new`, code);
await rename(`${workflowBundleFile()}.new`, workflowBundleFile());
