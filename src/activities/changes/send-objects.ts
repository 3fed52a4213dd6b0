import { TemperError } from '../../cluster/errors.js';
import { paths } from '../../cluster/paths.js';
import type { KubeObject } from '../facts/facts.js';
import type { ObjectChange } from './change.js';
import type { Writer } from './writer.js';

/** As few calls of kubectl as can be; the objects go by standard input. Those that `create` finds are left alone. */
export async function sendObjects(writer: Writer, changes: readonly ObjectChange[]): Promise<void> {
  for (const group of groups(changes)) await send(writer, group);
}

/** Changes that one kubectl can make. A resource of a definition is unknown to the kubectl that makes the definition. */
function groups(changes: readonly ObjectChange[]): ObjectChange[][] {
  const found: ObjectChange[][] = [];
  let last = '';
  for (const change of changes) {
    const key = [change.server, change.kubeconfig, change.how, change.object.kind === 'CustomResourceDefinition'].join(
      ' ',
    );
    if (key === last) found.at(-1)!.push(change);
    else found.push([change]);
    last = key;
  }
  return found;
}

async function send(writer: Writer, changes: readonly ObjectChange[]): Promise<void> {
  const { server, kubeconfig = `${paths.kubernetes}/admin.conf`, how } = changes[0]!;
  const args = [kubeconfig, server];
  const names = changes.map(({ object }) => `${object.kind} ${object.metadata.name}`).join(', ');
  const objects = changes.map((change) => change.object);
  const list = (items: KubeObject[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  if (how === 'apply') {
    await writer.write(`applying ${names}`, kubectl + applyScript, { args, stdin: list(objects) });
    return;
  }
  const { code, stdout, stderr } = await writer.ask(kubectl + getScript, { args, stdin: list(objects) });
  if (code !== 0) throw new TemperError('COMMAND_FAILED', `${writer.host}: reading ${names}: ${stderr.trim()}`);
  const present = new Set(stdout.split('\n'));
  const missing = objects.filter((item) => !present.has(nameOf(item)));
  if (missing.length > 0)
    await writer.write(`creating ${names}`, `${kubectl}kubectl create -f - >&2`, { args, stdin: list(missing) });
  if (how === 'create') return;
  for (const item of objects.filter((candidate) => present.has(nameOf(candidate)))) {
    const ref = JSON.stringify({
      apiVersion: item.apiVersion,
      kind: item.kind,
      metadata: { name: item.metadata.name, namespace: item.metadata.namespace },
    });
    await writer.write(`changing ${item.kind} ${item.metadata.name}`, kubectl + patchScript, {
      args: [...args, ref],
      stdin: JSON.stringify(item),
    });
  }
}

/** On the API server that the host itself runs, whatever the kubeconfig says. */
const kubectl = `
export KUBECONFIG="$1"
server=$2
shift 2
kubectl() { command kubectl --server="$server" --request-timeout=30s "$@"; }
`;

/** Prints those that are there, as `nameOf` does. */
const getScript = `kubectl get -f - --ignore-not-found \\
  -o go-template='{{define "o"}}{{.apiVersion}} {{.kind}} {{with .metadata.namespace}}{{.}}{{end}}/{{.metadata.name}}{{"\\n"}}{{end}}{{if .items}}{{range .items}}{{template "o" .}}{{end}}{{else}}{{template "o" .}}{{end}}'`;

/** Definitions count once the API server serves them. */
const applyScript = `
kubectl apply --server-side --field-manager=temper -f - >&2
if grep -q '"kind":"CustomResourceDefinition"' "$in"; then kubectl wait --for=condition=Established --timeout=30s -f "$in" >&2; fi
`;

const patchScript = `kubectl patch --type=merge --patch-file="$in" -f /dev/fd/3 3<<END >&2
$1
END
`;

function nameOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}
