import type { Cluster, HostRecord } from '../cluster.js';
import type { NetworkRead, NetworkSeen, Problem } from './seen.js';

/** Seconds from the median of all hosts. k0sctl's limit; etcd's leases and leader elections suffer earlier. */
const skewSeconds = { warning: 5, error: 30 };

/** Whether each host is one of its own, and of the same time. */
export function* identityProblems({ hosts }: Cluster, { reads }: NetworkSeen): Iterable<Problem> {
  for (const [index, host] of hosts.entries()) {
    const before = hosts.slice(0, index);
    yield* doubledAddress(host, before);
    const read = readOf(reads, host);
    if (!read) continue;
    const sameId = before.find((other) => readOf(reads, other)?.machineId === read.machineId);
    if (sameId && read.machineId) {
      const message = `its machine-id ${read.machineId} is also ${sameId.name}'s`;
      const hint = 'on one of them: rm -f /etc/machine-id /var/lib/dbus/machine-id; systemd-machine-id-setup; reboot';
      yield { host: host.name, check: 'MachineId', message, hint };
    }
    const sameMachine = before.find((other) => readOf(reads, other)?.productUuid === read.productUuid);
    if (sameMachine && read.productUuid) {
      const message = `its product_uuid ${read.productUuid} is also ${sameMachine.name}'s`;
      yield {
        host: host.name,
        check: 'ProductUuid',
        level: 'warning',
        message,
        hint: 'give each virtual machine a UUID of its own',
      };
    }
    const sameName = before.find((other) => other.hostname === host.hostname);
    if (sameName) {
      const message = `its hostname ${host.hostname} is also ${sameName.name}'s`;
      const hint = `hostnamectl set-hostname ${host.name}`;
      yield { host: host.name, check: 'Hostname', level: 'warning', message, hint };
    }
  }
  yield* skews(reads);
}

function* doubledAddress(host: HostRecord, before: HostRecord[]): Iterable<Problem> {
  const addressesOf = (each: HostRecord) => [each.controlPlaneAddress, each.workloadPlaneAddress];
  for (const address of new Set(addressesOf(host))) {
    const other = before.find((each) => addressesOf(each).includes(address));
    if (!other) continue;
    const message = `its address ${address} is also ${other.name}'s`;
    const hint = 'are they one machine? else give one of them another address';
    yield { host: host.name, check: 'UniqueAddress', mustHold: true, message, hint };
  }
}

function* skews(reads: NetworkRead[]): Iterable<Problem> {
  const median = medianOf(reads.map(({ clock }) => clock.ahead));
  for (const { host, clock } of reads) {
    const seconds = Math.abs(clock.ahead - median);
    if (seconds - clock.uncertain <= skewSeconds.warning) continue;
    const level = seconds - clock.uncertain <= skewSeconds.error ? 'warning' : undefined;
    const message = `its clock is ${Math.round(seconds)} s ${clock.ahead > median ? 'ahead of' : 'behind'} the other hosts'`;
    yield { host, check: 'ClockSkew', level, message, hint: 'timedatectl set-ntp true' };
  }
}

/** Of two in the middle the one nearer to the worker's clock, so that of two hosts only the wrong one is named. */
function medianOf(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = [sorted[Math.floor((sorted.length - 1) / 2)] ?? 0, sorted[Math.floor(sorted.length / 2)] ?? 0];
  return middle.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0]!;
}

function readOf(reads: NetworkRead[], host: HostRecord): NetworkRead | undefined {
  return reads.find((read) => read.host === host.name);
}
