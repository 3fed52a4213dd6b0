import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { projectFolder } from '../bundle/project-folder.js';
import { clusterYaml } from '../lab/cluster-yaml.js';
import type { Lab } from '../lab/lab.js';
import { prepare } from '../lab/prepare.js';
import { startLab } from '../lab/start-lab.js';

/** What a bootstrap costs, against an expert's script on an equal host, both in one run. Prints; judges nothing. */
const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'temper-bench-'));
const spec = join(folder, 'cluster.yaml');
const environment = { ...process.env, TEMPER_STATE: join(folder, 'state') };
const { bundle } = await prepare(console.error);

try {
  const expert = await onFreshHost('expert', byExpert);
  await onFreshHost('temper', async (lab) => {
    await temper('up');
    const seconds = await timed(() => temper('bootstrap', spec, '--yes'));
    report('expert: script and kubeadm init', expert, 's');
    report('temper bootstrap', seconds, 's');
    report('ratio', seconds / expert, '(aim: below 1.2)');
    report('temper bootstrap again, nothing to do', await timed(() => temper('bootstrap', spec)), 's (aim: below 10)');
    report('memory of the worker', await workerMemory(), 'MiB (aim: below 400)');
    await lab.reset('cp1');
    report('kill -9 of the worker to a step that gets on', await resumed(), 's (aim: below 5)');
    return seconds;
  });
} finally {
  await temper('down');
  await rm(folder, { recursive: true, force: true });
}

async function onFreshHost(name: string, work: (lab: Lab) => Promise<number>): Promise<number> {
  const lab = await startLab({ prefix: `bench-${name}-${process.pid % 10_000}`, hosts: [{ name: 'cp1' }] });
  try {
    await writeFile(spec, clusterYaml(lab, { bundle, name: 'bench' }));
    return await work(lab);
  } finally {
    await lab.stop();
  }
}

async function byExpert(lab: Lab): Promise<number> {
  const { stdout: documents } = await temper('check', spec, '--kubeadm-config', 'cp1');
  const script = await readFile(join(projectFolder, 'bench/expert.sh'), 'utf8');
  return timed(async () => {
    await ssh(lab, 'mkdir -p /root/bundle && tar -C /root/bundle -xf -', ['tar', '-C', bundle, '-cf', '-', '.']);
    await ssh(lab, 'cat > /root/kubeadm.yaml', ['printf', '%s', documents]);
    const { workloadAddress } = lab.host('cp1');
    await ssh(lab, `sh -s 10.233.0.0/16 ${workloadAddress} cp1`, ['printf', '%s', script]);
  });
}

/** Kills the worker in the middle of a bootstrap; seconds until a step has been started by its successor and has ended. */
async function resumed(): Promise<number> {
  const bootstrap = temper('bootstrap', spec, '--yes').catch(() => undefined);
  while ((await stepsDone()) < 5) await sleep(200);
  const { pid } = JSON.parse(await readFile(join(folder, 'state/worker.json'), 'utf8')) as { pid: number };
  const before = await stepsDone();
  process.kill(pid, 'SIGKILL');
  const seconds = await timed(async () => {
    while ((await stepsDone()) <= before) await sleep(100);
  });
  await bootstrap;
  return seconds;
}

async function stepsDone(): Promise<number> {
  const { stdout } = await temper('status', spec, '--json').catch(() => ({ stdout: '{}' }));
  const { hosts = [] } = JSON.parse(stdout) as { hosts?: { steps: { status: string }[] }[] };
  return hosts.flatMap(({ steps }) => steps).filter(({ status }) => status === 'done').length;
}

async function workerMemory(): Promise<number> {
  const { pid } = JSON.parse(await readFile(join(folder, 'state/worker.json'), 'utf8')) as { pid: number };
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(/VmHWM:\s+(\d+)/)![1]) / 1024;
}

function temper(...args: string[]): Promise<{ stdout: string }> {
  return run(process.execPath, [join(projectFolder, 'dist/src/cli/main.js'), ...args], {
    env: environment,
    maxBuffer: 1 << 26,
  });
}

async function ssh(lab: Lab, command: string, [program, ...args]: string[]): Promise<void> {
  const source = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const remote = spawn('ssh', [...lab.sshArguments('cp1'), command], { stdio: [source.stdout, 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => remote.once('exit', resolve));
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function report(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(48)} ${value.toFixed(2).padStart(8)} ${unit}`);
}
