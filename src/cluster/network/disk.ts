import type { Cluster } from '../cluster.js';
import type { NetworkSeen, Problem } from './seen.js';

/** "99 of 100 below 10 ms". https://etcd.io/docs/v3.6/faq/#what-does-the-etcd-warning-failed-to-send-out-heartbeat-on-time-mean */
const slowMilliseconds = 10;

/** A disk that is slow now may only be busy now: a warning, however slow. The worst of some writes may be chance, so the second worst in ten counts. */
export function* diskProblems(_: Cluster, { reads }: NetworkSeen): Iterable<Problem> {
  for (const { host, syncMilliseconds = [] } of reads) {
    const sorted = syncMilliseconds.toSorted((a, b) => a - b);
    const slow = sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0;
    if (slow <= slowMilliseconds) continue;
    const message = `one in ten writes to etcd's disk takes ${Math.round(slow)} ms or more; etcd asks for ${slowMilliseconds} ms`;
    yield { host, check: 'DiskSync', level: 'warning', message, hint: "put etcd's dataDir on an SSD of its own" };
  }
}
