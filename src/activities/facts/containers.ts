import type { ContainerFact } from './facts.js';
import { lines } from './question.js';
import type { Reader } from './question.js';

export const readContainers: Reader<string, ContainerFact | undefined> = async (ask, names) => {
  const { stdout } = await ask(script, { stdin: lines(names) });
  const [tasks = '', ...answers] = stdout.split('\n--\n');
  return names.map((_, index) => parseContainer(tasks, answers[index] ?? ''));
};

/** The tasks once, then for each name the ids of its containers, also of dead ones. */
const script = `
command -v ctr >/dev/null || exit 0
timeout 10 ctr -n k8s.io tasks ls
while IFS= read -r name; do
  printf '\\n--\\n'
  timeout 10 ctr -n k8s.io containers ls -q "labels.\\"io.kubernetes.container.name\\"==$name"
done
exit 0
`;

/** Table of `ctr tasks ls`: TASK PID STATUS. */
export function parseContainer(tasks: string, ids: string): ContainerFact | undefined {
  const states = new Map(
    tasks
      .split('\n')
      .map((line) => line.split(/\s+/))
      .map(([id, , state]) => [id, state]),
  );
  const found = ids
    .split('\n')
    .filter((id) => states.get(id))
    .map((id) => ({ id, state: states.get(id)! }));
  return found.find(({ state }) => state === 'RUNNING') ?? found[0];
}
