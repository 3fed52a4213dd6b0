import { setTimeout as sleep } from 'node:timers/promises';

import { answersOf } from '../lab/answers-of.js';
import { rolesFor } from '../lab/cluster-yaml.js';
import type { Lab } from '../lab/lab.js';
import { virtualIP } from '../lab/network.js';
import { report, withBench } from './bench.js';

/** How long nobody answers at the virtual IP, and how many requests that costs, when the control plane that holds it fails: twenty times. */
const roles = rolesFor({ controlPlanes: 3, workers: 1 });
const hosts = Object.keys(roles).map((name) => ({ name }));

type Blow = (lab: Lab, holder: string) => Promise<unknown>;
const blows: { what: string; strike: Blow; mend: Blow }[] = [
  {
    what: 'kill of its API server',
    strike: (lab, holder) => lab.execOrThrow(holder, 'pkill -9 kube-apiserver'),
    mend: async () => {},
  },
  {
    what: 'network cut',
    strike: (lab, holder) => lab.networkCut(holder),
    mend: (lab, holder) => lab.networkMend(holder),
  },
  { what: 'power cut', strike: (lab, holder) => lab.powerCut(holder), mend: (lab, holder) => lab.powerOn(holder) },
  {
    what: 'kill of its keepalived',
    strike: (lab, holder) => lab.execOrThrow(holder, 'pkill -9 keepalived'),
    mend: async () => {},
  },
];
const failOvers = 20;

await withBench(async ({ spec, temper, onFreshHosts }) =>
  onFreshHosts('failover', hosts, { roles }, async (lab) => {
    await temper('bootstrap', spec, '--yes');
    const silences: number[] = [];
    const losses: number[] = [];
    for (let number = 0; number < failOvers; number++) {
      const { what, strike, mend } = blows[number % blows.length]!;
      const [holder = ''] = await lab.holdersOf(virtualIP);
      const answers = answersOf(lab, 'w1', virtualIP, 15);
      await sleep(2000);
      await strike(lab, holder);
      const { seconds, lost, asked } = await answers;
      await mend(lab, holder);
      silences.push(seconds);
      losses.push(lost);
      report(`${number + 1}: ${what} of ${holder}`, seconds, `s without an answer, ${lost} of ${asked} requests lost`);
      await untilHealthy(lab, holder);
    }
    const sorted = silences.toSorted((a, b) => a - b);
    report('median', sorted[Math.floor(sorted.length / 2)]!, 's');
    report('longest', sorted.at(-1)!, 's (aim: below 5)');
    report(
      'requests lost in all',
      losses.reduce((sum, lost) => sum + lost, 0),
      '',
    );
  }),
);

async function untilHealthy(lab: Lab, host: string): Promise<void> {
  const ready = `kubectl --kubeconfig=/etc/kubernetes/admin.conf --server=https://${lab.host(host).address}:6443 get --raw /readyz`;
  while ((await lab.exec(host, ready)).code !== 0) await sleep(1000);
}
