import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { program, run } from '../../src/cli/program.js';
import { temporaryFolder } from '../temporary-folder.js';

const folder = temporaryFolder('cli');
const good = file('good.yaml', await outputOf(['init']).then(({ out }) => out));
const bad = file(
  'bad.yaml',
  'apiVersion: temper/v1alpha1\nkind: Cluster\nmetadata: {name: prod}\nspec: {bundel: ./bundle}\n',
);

afterEach(() => vi.restoreAllMocks());

const lines: [string, string[], number, RegExp][] = [
  ['an example that check accepts', ['check', good], 0, /is valid/],
  ['every mistake with its line', ['check', bad], 2, /bad\.yaml:4:\d+ .*\n.*bad\.yaml:4/],
  ['a file that is not there', ['check', join(folder, 'none.yaml')], 2, /none\.yaml: there is no such file/],
  ['a folder that is no file', ['check', folder], 2, /: is a folder/],
  ['a bad file before any server is asked', ['bootstrap', bad, '--yes'], 2, /SPEC_INVALID/],
  ['a folder that is no bundle', ['bundle', 'verify', folder], 2, /bundle\.yaml: is missing/],
  ['a bundle order that is not there', ['bundle', 'build', join(folder, 'none.yaml'), 'x'], 2, /cannot be read/],
  ['an unknown command', ['bootstrapp'], 2, /Did you mean bootstrap/],
  ['an unknown option', ['check', '--host'], 2, /unknown option/],
  ['what an error code means', ['explain', 'PLAN_MOVED'], 0, /approved plan/],
  ['an error code in small letters', ['explain', 'plan_moved'], 0, /approved plan/],
  ['what a step does', ['explain', 'startEtcdMember'], 0, /etcd/],
  ['a name that means nothing', ['explain', 'nonsense'], 2, /neither a step nor an error code/],
  ['the version', ['--version'], 0, /^\d+\.\d+\.\d+/],
  ['the exit codes', ['--help'], 0, /3 {2}waiting for you/],
];
test.each(lines)('says %s', async (_what, argv, code, text) => {
  const said = await outputOf(argv);

  expect(said.code).toBe(code);
  expect(said.out + said.err).toMatch(text);
});

test('every command has an example and gives JSON', async () => {
  const all = program().commands.flatMap((command) => (command.commands.length > 0 ? command.commands : [command]));
  for (const command of all) {
    const path = command.parent!.parent ? [command.parent!.name(), command.name()] : [command.name()];
    const { out, code } = await outputOf([...path, '--help']);

    expect(code, path.join(' ')).toBe(0);
    expect(out, path.join(' ')).toMatch(/Example:\n {2}temper /);
    expect(out, path.join(' ')).toContain('--json');
  }
});

test('an error is JSON when JSON was asked for', async () => {
  const { out, code } = await outputOf(['check', join(folder, 'none.yaml'), '--json']);

  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'SPEC_INVALID', hint: expect.any(String) } });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function outputOf(argv: string[]): Promise<{ out: string; err: string; code: number }> {
  const said = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said.out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said.err += String(text)), true));
  const code = await run(argv);
  vi.restoreAllMocks();
  process.exitCode = 0;
  return { ...said, code };
}
