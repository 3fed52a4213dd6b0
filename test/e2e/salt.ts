import type { Lab } from '../../lab/lab.js';

/** Runs `salt` in the container of the master, which is on cp1; whatever it ends with, for it does not end with 0 when one minion is silent. */
export async function salt(lab: Lab, ...args: string[]): Promise<string> {
  const { stdout } = await lab.exec('cp1', [
    'sh',
    '-c',
    `id=$(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.container.name"==salt-master' | tail -n 1)
    ctr -n k8s.io tasks exec --exec-id "test-$$" "$id" salt --out=txt --timeout=10 "$@"`,
    'sh',
    ...args,
  ]);
  return stdout;
}

/** `cp1: True` of each minion that answers its master, sorted. */
export async function pingAll(lab: Lab): Promise<string[]> {
  const answers = await salt(lab, '*', 'test.ping');
  return answers.trim().split('\n').toSorted();
}

export function allAnswer(hosts: string[]): string[] {
  return hosts.map((host) => `${host}: True`).toSorted();
}
