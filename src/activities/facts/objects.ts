import { TemperError } from '../../cluster/errors.js';
import { paths } from '../../cluster/paths.js';
import type { KubeObject, ObjectRef } from './facts.js';
import type { Reader } from './question.js';

/**
 * By one `kubectl get` a server. Where there is no API server yet, nothing is there. One that is only starting again, because the host boots, is
 * waited for; throws NOT_READY when that takes too long, since its objects are not absent.
 */
export const readObjects: Reader<ObjectRef, KubeObject | undefined> = async (ask, refs) => {
  const answers = new Map<string, KubeObject>();
  for (const server of new Set(refs.map((ref) => ref.server))) {
    const items = refs
      .filter((ref) => ref.server === server)
      .map(({ apiVersion, kind, namespace, name }) => ({ apiVersion, kind, metadata: { namespace, name } }));
    const { code, stdout, stderr } = await ask(script, {
      args: [server],
      stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    });
    if (code === notReady) throw apiServerNotReady(server, stderr);
    for (const object of parseObjects(stdout)) answers.set(key(server, object), object);
  }
  return refs.map((ref) => answers.get(key(ref.server, { ...ref, metadata: ref })));
};

/** A host that boots has its API server within half of this, on a slow disk too. */
const patienceSeconds = 120;

/** Exit code of the script, far from kubectl's own. */
const notReady = 75;

function apiServerNotReady(server: string, stderr: string): TemperError {
  const said = stderr.trim().split('\n').at(-1);
  return new TemperError('NOT_READY', `waited ${patienceSeconds} s for the API server ${server} to start: ${said}`, {
    hint: 'on the host: journalctl -u kubelet; tail /var/log/pods/kube-system_kube-apiserver-*/kube-apiserver/*.log',
  });
}

/** The kubelet's configuration is written after the API server was healthy for the first time. Without kubelet or containerd nothing starts it. */
const script = `
[ -e ${paths.kubernetes}/admin.conf ] && command -v kubectl >/dev/null || exit 0
list=$(cat)
call() { kubectl --kubeconfig=${paths.kubernetes}/admin.conf --server="$server" --request-timeout=10s "$@"; }
get() { printf %s "$list" | call get -f - --ignore-not-found -o json; }
runs() {
  case $(systemctl show -P ActiveState "$1") in active | activating) return 0 ;; esac
  job=$(systemctl show -P Job "$1")
  [ "\${job:-0}" != 0 ]
}
starts_again() {
  [ -e ${paths.kubelet}/config.yaml ] && [ -e ${paths.manifests}/kube-apiserver.yaml ] && runs containerd && runs kubelet
}
server=$1
end=$(($(date +%s) + ${patienceSeconds}))
until objects=$(get); do
  starts_again || break
  # What is asked of a server that is ready is answered for good.
  if call get --raw /readyz >/dev/null; then objects=$(get); break; fi
  [ "$(date +%s)" -lt "$end" ] || exit ${notReady}
  sleep 1
done
printf '%s\\n' "$objects"
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
