import type { Fixture } from './fixture.js';

/** `cp1: True` of each minion that answers its master, which is on cp1; sorted. Throws when one is silent. */
export async function pingAll(fixture: Fixture): Promise<string[]> {
  const inMaster = ['exec', '-n', 'kube-system', 'temper-salt-master-cp1', '--'];
  const answers = await fixture.kubectl(...inMaster, 'salt', '--out=txt', '--timeout=10', '*', 'test.ping');
  return answers.trim().split('\n').toSorted();
}

export function allAnswer(hosts: string[]): string[] {
  return hosts.map((host) => `${host}: True`).toSorted();
}

/** Checksums of the keys that the master on cp1 accepts, by minion. */
export async function acceptedKeys({ lab }: Fixture): Promise<Record<string, string>> {
  const sums = await lab.execOrThrow('cp1', 'cd /etc/temper/salt/pki/master/minions && sha256sum *');
  return Object.fromEntries(
    sums
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).toReversed() as [string, string]),
  );
}
