import { expect, test } from 'vitest';
import { untilNetworked } from '../../../src/activities/steps/wait-for-node.js';
import type { HostView } from '../../../src/activities/step.js';
import { networkAgents } from '../../../src/cluster/network-add-ons.js';

const ready = 'True kubelet is posting ready status';
const starting = 'False containers with unready status: [calico-node]';

test('a node is networked when the agent on it says that it works', async () => {
  await expect(untilNetworked(node({ pods: ['True'] }), 'w1', networkAgents.calico)).resolves.toBeUndefined();
});

test('of two agents, one of which takes the place of the other, one is enough', async () => {
  await expect(untilNetworked(node({ pods: [starting, 'True'] }), 'w1', networkAgents.calico)).resolves.toBeUndefined();
});

const cases: [string, Partial<Answers>, string][] = [
  ['its agent has not set it up', { hasMark: false }, 'there is no /var/lib/calico/nodename'],
  ['it is not Ready', { node: 'False PLEG is not healthy' }, 'PLEG is not healthy'],
  ['its agent does not work, although it is Ready', { pods: [starting] }, 'containers with unready status'],
  ['it has no agent', { pods: [] }, 'there is none'],
];
test.each(cases)('a node is not networked when %s', async (_what, answers, reason) => {
  await expect(untilNetworked(node(answers), 'w1', networkAgents.calico)).rejects.toThrow(reason);
});

interface Answers {
  hasMark: boolean;
  node: string;
  pods: string[];
}

/** A host that is asked once. */
function node({ hasMark = true, node = ready, pods = [] }: Partial<Answers>): HostView {
  const view: Pick<HostView, 'ask' | 'until'> = {
    ask: async (script) => ({
      code: !script.startsWith('test') || hasMark ? 0 : 1,
      stdout: script.includes('get pods') ? pods.map((pod) => `${pod}\n`).join('') : node,
      stderr: '',
    }),
    until: async (what, _seconds, probe) => {
      const reason = await probe();
      if (reason) throw new Error(`${what}: ${reason}`);
    },
  };
  return view as HostView;
}
