import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { cached } from '../cache.js';
import { projectFolder } from '../project-folder.js';
import { run } from '../run.js';
import { type Progress, stopwatch } from './progress.js';

/**
 * Makes /opt/salt: a Python environment with Salt's commands, the same for salt-master's image and for salt-minion's packages. Its interpreter
 * is the /usr/bin/python3.11 of wherever it lies. Debian's own would not do for RHEL 9, whose libc is older than the one that it is made for,
 * and the wheels run with either. Returns the folder that holds it.
 */
export async function buildSalt(progress: Progress): Promise<string> {
  return cached('salt', { values: { commands, settings }, paths: [requirements, builder] }, async (folder) => {
    const watch = stopwatch('salt: taking packages from PyPI', progress);
    const tools = join(folder, 'tools');
    const salt = join(folder, 'salt');
    await run(['/usr/bin/python3.11', '-m', 'venv', tools]);
    const pip = [join(tools, 'bin/pip'), '--quiet', 'install', '--require-hashes', '--no-deps', '--no-compile'];
    await run([...pip, '--requirement', join(requirements, 'build-requirements.txt')]);
    // Nothing but Salt itself comes as source, and that needs no compiler.
    const wheels = ['--only-binary=:all:', '--no-binary=salt', '--no-build-isolation'];
    await run([
      ...[...pip, ...wheels, '--ignore-installed', `--prefix=${salt}`],
      ...['--requirement', join(requirements, 'requirements.txt')],
    ]);
    await rm(tools, { recursive: true });
    await writeFile(join(salt, 'pyvenv.cfg'), settings);
    await finishCommands(join(salt, 'bin'));
    await slim(salt);
    await compile(salt);
    watch.stop();
  });
}

const requirements = join(projectFolder, 'bundle/from-source/salt');
const builder = join(projectFolder, 'bundle/from-source/build-salt.ts');

const commands = ['salt', 'salt-call', 'salt-key', 'salt-master', 'salt-minion', 'salt-run'];

/** With a link to the interpreter, all that makes a folder a virtual environment. */
const settings = 'home = /usr/bin\ninclude-system-site-packages = false\n';

async function finishCommands(bin: string): Promise<void> {
  for (const name of await readdir(bin)) {
    const path = join(bin, name);
    if (!commands.includes(name)) await rm(path);
    else await writeFile(path, (await readFile(path, 'utf8')).replace(/^#!.*/, '#!/opt/salt/bin/python3'));
  }
  await symlink('/usr/bin/python3.11', join(bin, 'python3'));
}

/** Without lists of checksums, which name the folder of this build, and without what only developers read. */
async function slim(salt: string): Promise<void> {
  await rm(join(salt, 'share'), { recursive: true, force: true });
  const unwanted = ['-name', 'RECORD', '-o', '-name', 'tests', '-o', '-name', '*.pyi', '-o', '-name', '*.[ch]'];
  await run(['find', join(salt, 'lib'), '(', ...unwanted, ')', '-prune', '-exec', 'rm', '-r', '{}', '+']);
}

/** Python starts Salt three times as fast from compiled modules. The same source gives the same bytes, and its time is not looked at. */
async function compile(salt: string): Promise<void> {
  const paths = ['-s', salt, '-p', '/opt/salt'];
  const options = ['-q', '-j', '2', '--invalidation-mode', 'unchecked-hash', ...paths];
  await run(['/usr/bin/python3.11', '-m', 'compileall', ...options, join(salt, 'lib')], {
    env: { PYTHONHASHSEED: '0' },
  });
}
