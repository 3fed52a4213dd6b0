import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';

import { run } from './run.js';

/** Downloads packages into `folder` with all that they depend on, as for a host that has nothing at all. */
export async function downloadPackages(sources: string, names: readonly string[], folder: string): Promise<void> {
  // apt leaves the packages of a `file:` source where they are.
  await withApt(sources.replaceAll(/ file:\/*/g, ' copy:/'), async (aptGet, archives) => {
    await aptGet('install', '--yes', '--download-only', ...names);
    for (const file of await readdir(archives)) {
      if (file.endsWith('.deb')) await copyFile(join(archives, file), join(folder, file));
    }
  });
}

/**
 * Lends `work` an apt-get that knows only `sources` and believes that nothing is installed. Everything it keeps lies in a folder of its own,
 * `archives` included; from the machine come only settings such as a proxy.
 */
export async function withApt(
  sources: string,
  work: (aptGet: (...args: string[]) => Promise<string>, archives: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'temper-apt-'));
  try {
    await mkdir(join(folder, 'state/lists/partial'), { recursive: true });
    await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
    await writeFile(join(folder, 'sources.list'), sources);
    await writeFile(join(folder, 'status'), '');
    const options = Object.entries(settings(folder)).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    const aptGet = (...args: string[]) => run(['apt-get', ...options, ...args], { env: { LC_ALL: 'C' } });
    await aptGet('update');
    await work(aptGet, join(folder, 'cache/archives'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function settings(folder: string): Record<string, string> {
  return {
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::preferences': '-',
    'Dir::Etc::preferencesparts': '-',
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    'APT::Install-Recommends': 'false',
    // Without this a source that fails is only a warning.
    'APT::Update::Error-Mode': 'any',
    // apt's sandbox user cannot read into somebody's home.
    'APT::Sandbox::User': 'root',
  };
}
