import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { byExpert, report, timed, withBench, type Bench } from './bench.js';

/** What a bootstrap of one host costs, against an expert's script on an equal host, both in one run. Prints; judges nothing. */
await withBench(async (bench) => {
  const { spec, temper, onFreshHosts } = bench;
  const expert = await onFreshHosts('expert', [{ name: 'cp1' }], {}, async (lab) => {
    const { stdout: documents } = await temper('check', spec, '--kubeadm-config', 'cp1');
    return timed(() => byExpert(lab, bench, { host: 'cp1', documents, part: 'first' }));
  });
  await onFreshHosts('temper', [{ name: 'cp1' }], {}, async (lab) => {
    await temper('up');
    const seconds = await timed(() => temper('bootstrap', spec, '--yes'));
    report('expert: script and kubeadm init', expert, 's');
    report('temper bootstrap', seconds, 's');
    report('ratio', seconds / expert, '(aim: below 1.2)');
    report('temper bootstrap again, nothing to do', await timed(() => temper('bootstrap', spec)), 's (aim: below 10)');
    report('memory of the worker', await workerMemory(bench), 'MiB (aim: below 400)');
    await lab.reset('cp1');
    report('kill -9 of the worker to a step that gets on', await resumed(bench), 's (aim: below 5)');
  });
});

/** Kills the worker in the middle of a bootstrap; seconds until a step has been started by its successor and has ended. */
async function resumed(bench: Bench): Promise<number> {
  const bootstrap = bench.temper('bootstrap', bench.spec, '--yes').catch(() => undefined);
  while ((await stepsDone(bench)) < 5) await sleep(200);
  const { pid } = JSON.parse(await readFile(join(bench.stateFolder, 'worker.json'), 'utf8')) as { pid: number };
  const before = await stepsDone(bench);
  process.kill(pid, 'SIGKILL');
  const seconds = await timed(async () => {
    while ((await stepsDone(bench)) <= before) await sleep(100);
  });
  await bootstrap;
  return seconds;
}

async function stepsDone({ temper, spec }: Bench): Promise<number> {
  const { stdout } = await temper('status', spec, '--json').catch(() => ({ stdout: '{}' }));
  const { hosts = [] } = JSON.parse(stdout) as { hosts?: { steps: { status: string }[] }[] };
  return hosts.flatMap(({ steps }) => steps).filter(({ status }) => status === 'done').length;
}

async function workerMemory({ stateFolder }: Bench): Promise<number> {
  const { pid } = JSON.parse(await readFile(join(stateFolder, 'worker.json'), 'utf8')) as { pid: number };
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(/VmHWM:\s+(\d+)/)![1]) / 1024;
}
