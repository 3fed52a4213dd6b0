import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cached } from '../cache.js';
import { projectFolder } from '../project-folder.js';
import { run } from '../run.js';
import { type GoProgram, type GoProgramName, goPrograms } from './go-programs.js';
import { type Progress, stopwatch } from './progress.js';

/** Builds the static binaries of `name` from their Go modules, or takes them from the cache. Returns the folder that holds them. */
export async function buildGo(name: GoProgramName, progress: Progress): Promise<string> {
  const { folder: folderName = name, ...program }: GoProgram = goPrograms[name];
  const source = join(projectFolder, 'bundle/from-source', folderName);
  const goVersion = await run(['go', 'env', 'GOVERSION'], { cwd: source });
  const inputs = { values: { goVersion, flags: flags(program), program }, paths: [source] };
  const build = async (folder: string) => {
    const watch = stopwatch(`${name}: fetching Go modules`, progress);
    await run(['go', 'mod', 'download'], { cwd: source, env: environment });
    watch.stop();
    const scratch = await mkdtemp(join(tmpdir(), 'temper-go-'));
    try {
      const overlay = program.upstream ? await takeFromUpstream(program.upstream, source, folder, scratch) : [];
      await compile(name, source, overlay, folder, progress);
    } finally {
      await rm(scratch, { recursive: true });
    }
  };
  return cached(`go-${name}`, inputs, build, () => progress(`${name}: waiting for another process that builds it`));
}

// The user's own GOFLAGS or workspace must not change what is built.
const environment = { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: 'amd64', GOFLAGS: '-mod=readonly', GOWORK: 'off' };

function flags({ tags = [], variables = {} }: GoProgram): string[] {
  const settings = Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`);
  return ['-trimpath', '-buildvcs=false', `-tags=${tags.join(',')}`, `-ldflags=${['-s -w', ...settings].join(' ')}`];
}

async function compile(
  name: GoProgramName,
  source: string,
  overlay: string[],
  folder: string,
  progress: Progress,
): Promise<void> {
  const program: GoProgram = goPrograms[name];
  const options = { cwd: source, env: environment };
  const buildFlags = [...flags(program), ...overlay];
  // Packages that are in Go's own build cache are not compiled again, so they do not count.
  const format = '{{if .Stale}}{{.StaleReason}}{{end}}';
  const reasons = await run(['go', 'list', '-deps', ...buildFlags, '-f', format, ...packages(program)], options);
  const missing = reasons.split('\n').filter((reason) => reason && !reason.includes('available in build cache')).length;
  const watch = stopwatch(`${name}: compiling packages`, progress, missing);
  for (const [binary, path] of Object.entries(program.binaries)) {
    await run(['go', 'build', '-v', ...buildFlags, '-o', join(folder, binary), path], {
      ...options,
      onStderr: watch.step,
    });
  }
  watch.stop();
}

function packages(program: GoProgram): string[] {
  return Object.values(program.binaries);
}

/** Returns the flag for `go build` that lays upstream's main.go over the source folder, without writing it there. */
async function takeFromUpstream(
  { module, mainWithout, files }: NonNullable<GoProgram['upstream']>,
  source: string,
  folder: string,
  scratch: string,
): Promise<string[]> {
  const upstream = (
    await run(['go', 'list', '-m', '-f', '{{.Dir}}', module], { cwd: source, env: environment })
  ).trim();
  for (const [name, path] of Object.entries(files)) {
    await writeFile(join(folder, name), await readFile(join(upstream, path)));
  }
  const lines = (await readFile(join(upstream, 'main.go'), 'utf8')).split('\n');
  const main = join(scratch, 'main.go');
  await writeFile(main, lines.filter((line) => !mainWithout.test(line)).join('\n'));
  const overlay = join(scratch, 'overlay.json');
  await writeFile(overlay, JSON.stringify({ Replace: { [join(source, 'main.go')]: main } }));
  return [`-overlay=${overlay}`];
}
