import { paths } from '../../cluster/paths.js';
import type { KubeObject, ObjectRef } from './facts.js';
import type { Reader } from './question.js';

/** By one `kubectl get` a server. It ends with an error when there is no API server yet: then nothing is there. */
export const readObjects: Reader<ObjectRef, KubeObject | undefined> = async (ask, refs) => {
  const answers = new Map<string, KubeObject>();
  for (const server of new Set(refs.map((ref) => ref.server))) {
    const items = refs
      .filter((ref) => ref.server === server)
      .map(({ apiVersion, kind, namespace, name }) => ({ apiVersion, kind, metadata: { namespace, name } }));
    const { stdout } = await ask(script, {
      args: [server],
      stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    });
    for (const object of parseObjects(stdout)) answers.set(key(server, object), object);
  }
  return refs.map((ref) => answers.get(key(ref.server, { ...ref, metadata: ref })));
};

const script = `
[ -e ${paths.kubernetes}/admin.conf ] && command -v kubectl >/dev/null || exit 0
kubectl --kubeconfig=${paths.kubernetes}/admin.conf --server="$1" --request-timeout=10s get -f - --ignore-not-found -o json
`;

/** Nothing, one object, or a list of them. */
export function parseObjects(output: string): KubeObject[] {
  if (!output.trim()) return [];
  const answer = JSON.parse(output) as KubeObject;
  return answer.kind === 'List' ? (answer.items as KubeObject[]) : [answer];
}

function key(server: string, object: Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>): string {
  const { apiVersion, kind, metadata } = object;
  return [server, apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ');
}
