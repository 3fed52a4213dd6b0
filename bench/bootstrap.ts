import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

import { byExpert, report, timed, withBench, withServer, type Bench } from './bench.js';

const started = proto.temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_STARTED;

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
    report('kill -9 of the worker to its steps running again', await resumed(bench), 's (aim: below 5)');
  });
});

/** Kills the worker in the middle of a bootstrap; seconds until all the steps that it had begun have been begun anew by its successor. */
async function resumed(bench: Bench): Promise<number> {
  const bootstrap = bench.temper('bootstrap', bench.spec, '--yes').catch(() => undefined);
  while ((await stepsDone(bench)) < 5) await sleep(200);
  const { pid } = JSON.parse(await readFile(join(bench.stateFolder, 'worker.json'), 'utf8')) as { pid: number };
  const seconds = await withServer(bench, async (client) => {
    const interrupted = (await openSteps(client)).map(({ id }) => id);
    process.kill(pid, 'SIGKILL');
    return timed(async () => {
      const waits = ({ id, isAgain, runs }: OpenStep) => interrupted.includes(id) && !(isAgain && runs);
      while ((await openSteps(client)).some(waits)) await sleep(50);
    });
  });
  await bootstrap;
  return seconds;
}

interface OpenStep {
  id: string;
  /** A worker is at it. */
  runs: boolean;
  /** It was begun before. */
  isAgain: boolean;
}

async function openSteps({ workflow }: Client): Promise<OpenStep[]> {
  const steps: OpenStep[] = [];
  for await (const { workflowId } of workflow.list({ query: "ExecutionStatus = 'Running'" })) {
    const { raw } = await workflow.getHandle(workflowId).describe();
    for (const { activityId, attempt, state } of raw.pendingActivities ?? []) {
      steps.push({ id: `${workflowId} ${activityId}`, isAgain: attempt! > 1, runs: state === started });
    }
  }
  return steps;
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
