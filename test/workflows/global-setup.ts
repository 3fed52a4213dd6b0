import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { stop } from '../../src/cli/embedded/background-process.js';
import { prepareNamespace } from '../../src/cli/embedded/prepare-namespace.js';
import { embeddedAccess, startServer } from '../../src/cli/embedded/server.js';

declare module 'vitest' {
  interface ProvidedContext {
    address: string;
    temporalNamespace: string;
    workflowBundle: string;
  }
}

/** One embedded server, as `temper up` starts it, and one workflow bundle for the whole suite. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const state = await mkdtemp(join(tmpdir(), 'temper-workflow-tests-'));
  process.env.TEMPER_STATE = state;
  await startServer();
  const access = (await embeddedAccess())!;
  const connection = await Connection.connect(access.connectionOptions);
  await prepareNamespace(connection, access.temporalNamespace, { owned: true });
  await connection.close();

  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
  const workflowBundle = join(state, 'workflow-bundle.js');
  await writeFile(workflowBundle, code);

  project.provide('address', access.connectionOptions.address!);
  project.provide('temporalNamespace', access.temporalNamespace);
  project.provide('workflowBundle', workflowBundle);
  return async () => {
    await stop('server', 10);
    await rm(state, { recursive: true, force: true });
  };
}
