import type { CommandResult } from '../../src/activities/step.js';
import type { FakeHost } from './fake-host.js';

/** What the fake host answers to `HostView.ask`: the first row whose pattern the script matches. Left out: exit code 0, no output. */
export const answers: { asked: RegExp; answer(host: FakeHost, ...args: string[]): Partial<CommandResult> }[] = [
  { asked: /^find "\$1" -type f -printf '%s %P/, answer: listSizes },
];

/** What a `command` change does to the fake host, by its title. */
export const commandEffects: Record<string, (host: FakeHost, ...args: string[]) => void> = {};

function listSizes(host: FakeHost, folder: string): Partial<CommandResult> {
  const lines = Object.entries(host.files)
    .filter(([path]) => path.startsWith(`${folder}/`))
    .flatMap(([path, file]) =>
      file.type === 'file' ? [`${Buffer.byteLength(file.content)} ${path.slice(folder.length + 1)}\n`] : [],
    );
  return { stdout: lines.join('') };
}
