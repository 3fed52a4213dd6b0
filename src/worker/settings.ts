import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Every operation on a cluster goes through this queue; any number of workers may serve it. */
export const taskQueue = 'temper';

/** `$TEMPER_STATE`, else `$XDG_STATE_HOME/temper`, else `~/.local/state/temper`: the embedded server's database, logs, process ids. */
export function stateFolder(): string {
  const { TEMPER_STATE, XDG_STATE_HOME } = process.env;
  return resolve(TEMPER_STATE || join(XDG_STATE_HOME || join(homedir(), '.local/state'), 'temper'));
}

export function workerLogFile(): string {
  return join(stateFolder(), 'worker.log');
}

/** The folder with package.json, whether this file runs from src or from dist/src. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Made by `npm run build`, so that a worker starts without webpack. */
export function workflowBundleFile(): string {
  return join(packageFolder(), 'dist/workflow-bundle.js');
}
