import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { run } from '../../src/cli/program.js';
import { temporaryFolder } from '../temporary-folder.js';

const state = temporaryFolder('logs');
vi.stubEnv('TEMPER_STATE', state);

test('a line that is just being written waits until it is whole', async () => {
  const file = join(state, 'worker.log');
  const line = (message: string) =>
    JSON.stringify({ time: 'now', level: 'INFO', message, workflowId: 'temper-prod' }) + '\n';
  writeFileSync(file, `${line('first')}no JSON\n${line('sécond').slice(0, -30)}`);

  expect(await printed()).toBe('now INFO  temper-prod: first\n');

  appendFileSync(file, line('sécond').slice(-30));
  expect(await printed()).toBe('now INFO  temper-prod: first\nnow INFO  temper-prod: sécond\n');
});

async function printed(): Promise<string> {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  const code = await run(['logs', 'prod']);
  vi.restoreAllMocks();
  process.exitCode = 0;
  expect(code).toBe(0);
  return out;
}
