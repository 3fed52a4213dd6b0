import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { projectFolder } from '../bundle/project-folder.js';
import { rolesFor } from '../lab/cluster-yaml.js';
import type { Lab } from '../lab/lab.js';
import { balancerAddress } from '../lab/load-balancer.js';
import { joinSecrets } from '../src/cluster/kubeadm/documents.js';
import { byExpert, report, timed, withBench, withServer, type Bench } from './bench.js';
import { recordLatencies } from './record-latencies.js';

/**
 * What three control planes and a worker node cost behind one load balancer, against an expert's script that goes from host to host, on equal hosts,
 * both in one run. Prints; judges nothing.
 */
const roles = rolesFor({ controlPlanes: 3, workers: 1 });
const names = Object.keys(roles);
const hosts = names.map((name) => ({ name }));
const cluster = { roles, spec: { apiServer: { endpoint: `${balancerAddress}:6443` } } };
const controlPlanes = names.filter((name) => roles[name]!.includes('control-plane'));

await withBench(async (bench) => {
  const expert = await bench.onFreshHosts('expert', hosts, cluster, async (lab) => {
    await lab.startLoadBalancer(6443, controlPlanes);
    const documents = await documentsOf(bench);
    return timed(() => clusterByExpert(lab, bench, documents));
  });
  await bench.onFreshHosts('temper', hosts, cluster, async (lab) => {
    await lab.startLoadBalancer(6443, controlPlanes);
    await bench.temper('up');
    const seconds = await timed(() => bench.temper('bootstrap', bench.spec, '--yes'));
    report('expert: script and kubeadm, host after host', expert, 's');
    report('temper bootstrap', seconds, 's');
    report('ratio', seconds / expert, '(aim: below 0.9)');
    const again = await timed(() => bench.temper('bootstrap', bench.spec));
    report('temper bootstrap again, nothing to do', again, 's');
    if (process.argv.includes('--record')) await record(bench);
  });
});

/** For the simulated hosts of the workflow tests. What this cluster has none of keeps its latency. */
async function record(bench: Bench): Promise<void> {
  const path = join(projectFolder, 'test/workflows/latencies.json');
  const before = JSON.parse(await readFile(path, 'utf8')) as Record<string, number>;
  const latencies = { ...before, ...(await withServer(bench, recordLatencies)) };
  const rows = Object.entries(latencies).toSorted(([one], [other]) => one.localeCompare(other));
  await writeFile(path, `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
}

async function documentsOf({ temper, spec }: Bench): Promise<Record<string, string>> {
  const printed = names.map(async (name) => [name, (await temper('check', spec, '--kubeadm-config', name)).stdout]);
  return Object.fromEntries(await Promise.all(printed)) as Record<string, string>;
}

async function clusterByExpert(lab: Lab, bench: Bench, documents: Record<string, string>): Promise<void> {
  const [first = '', ...others] = names;
  await byExpert(lab, bench, { host: first, documents: documents[first]!, part: 'first' });
  const command = await lab.execOrThrow(first, 'kubeadm token create --print-join-command');
  const [, token = '', caCertHash = ''] = /--token (\S+) --discovery-token-ca-cert-hash (\S+)/.exec(command) ?? [];
  const uploaded = await lab.execOrThrow(first, 'kubeadm init phase upload-certs --upload-certs');
  const certificateKey = uploaded.trim().split('\n').at(-1)!;
  for (const host of others) {
    const withSecrets = documents[host]!.replace(joinSecrets.token, token)
      .replace(joinSecrets.caCertHash, caCertHash)
      .replace(joinSecrets.certificateKey, certificateKey);
    await byExpert(lab, bench, { host, documents: withSecrets, part: 'join' });
  }
}
