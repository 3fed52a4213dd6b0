import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'vitest';
import { stringify } from 'yaml';

import type { Fixture } from './fixture.js';

export async function readyNodes(fixture: Fixture): Promise<{ name: string; address: string }[]> {
  const listed = await fixture.kubectl('get', 'nodes', '-o', 'wide', '--no-headers');
  return listed
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/))
    .filter(([, status]) => status === 'Ready')
    .map(([name, , , , , address]) => ({ name: name!, address: address! }));
}

/** A pod with a web server on each of the nodes; each asks all of them, a service of all, and DNS. Tries `kubectl exec` and `logs` on each node. */
export async function expectPodsToTalk(fixture: Fixture, nodes: string[]): Promise<void> {
  await fixture.kubectlWith(stringify(await webServers(fixture), { aliasDuplicateObjects: false }), 'apply', '-f', '-');
  await fixture.kubectl('rollout', 'status', 'daemonset/web', '--timeout=180s');
  const path = '{range .items[*]}{.spec.nodeName} {.metadata.name} {.status.podIP}{"\\n"}{end}';
  const listed = await fixture.kubectl(
    'get',
    'pods',
    '-l',
    'app=web',
    '--sort-by=.spec.nodeName',
    '-o',
    `jsonpath=${path}`,
  );
  const pods = listed
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string, string]);
  expect(pods.map(([node]) => node)).toEqual(nodes);

  const ask = (url: string) => `timeout 10 wget -q -O - "${url}" || { echo "no answer from ${url}" >&2; exit 1; }`;
  const asks = pods.map(([, , address]) => ask(`http://${address}:8080/`));
  const resolve = 'address=$(timeout 10 getent ahostsv4 web.default.svc.cluster.local | head -n 1 | cut -d " " -f 1)';
  // kube-proxy learns of the Service a moment after its pods are Ready, and a connection that began before keeps going to nowhere.
  const untilProxied =
    'for attempt in 1 2 3 4 5 6 7 8 9 10; do timeout 3 wget -q -O /dev/null "http://$address/" && break; done';
  const script = ['set -e', ...asks, resolve, untilProxied, ask('http://$address/')].join('\n');
  for (const [node, pod, address] of pods) {
    const answers = await fixture.kubectl('exec', pod, '--', 'sh', '-c', script);
    expect(answers.trim().split('\n').slice(0, -1), node).toEqual(nodes);
    expect(await fixture.kubectl('logs', pod), node).toContain(`serving on ${address}`);
  }
}

async function webServers(fixture: Fixture): Promise<unknown> {
  const image = (await readFile(join(fixture.bundle, 'bundle.yaml'), 'utf8')).match(
    /docker\.io\/library\/busybox:\S+/,
  )![0];
  const serve = 'mkdir /www; echo $NODE >/www/index.html; echo serving on $ADDRESS; exec httpd -f -p 8080 -h /www';
  const env = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const container = {
    name: 'web',
    image,
    command: ['sh', '-c', serve],
    env: [env('NODE', 'spec.nodeName'), env('ADDRESS', 'status.podIP')],
  };
  const spec = { containers: [container], tolerations: [{ operator: 'Exists' }], terminationGracePeriodSeconds: 0 };
  const labels = { app: 'web' };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'web' },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
      },
    ],
  };
}
