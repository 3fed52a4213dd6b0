import { expect, test } from 'vitest';
import { untilNetworked } from '../../../src/activities/steps/wait-for-node.js';
import type { HostView } from '../../../src/activities/step.js';
import { networkAgents } from '../../../src/cluster/network-add-ons.js';

const { flannel, calico } = networkAgents;

test.each([flannel, calico])('a node is networked when $daemonSet has set it up and works', async (agent) => {
  await expect(untilNetworked(node({}), 'w1', agent)).resolves.toBeUndefined();
});

const cases: [string, Partial<Answers>, string][] = [
  ['its agent has not set it up', { hasMark: false }, 'there is no /var/lib/calico/nodename'],
  ['it is not Ready', { ready: 'False PLEG is not healthy' }, 'PLEG is not healthy'],
  ['its agent does not work, although it is Ready', { health: 'connection refused' }, 'connection refused'],
];
test.each(cases)('a node is not networked when %s', async (_what, answers, reason) => {
  await expect(untilNetworked(node(answers), 'w1', calico)).rejects.toThrow(reason);
});

interface Answers {
  hasMark: boolean;
  ready: string;
  health: string;
}

/** A host that is asked once. */
function node({ hasMark = true, ready = 'True kubelet is posting ready status', health }: Partial<Answers>): HostView {
  const view = {
    ask: async (script: string) => ({ code: script.startsWith('test') && !hasMark ? 1 : 0, stdout: ready, stderr: '' }),
    now: { served: async () => health },
    until: async (what: string, _seconds: number, look: () => Promise<string | undefined>) => {
      const reason = await look();
      if (reason) throw new Error(`${what}: ${reason}`);
    },
  };
  return view as unknown as HostView;
}
