import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseBundle } from '../../src/cluster/bundle.js';
import { clusterOf, type Cluster } from '../../src/cluster/cluster.js';
import { parseCluster } from '../../src/cluster/parse.js';
import { sampleHost } from '../sample-cluster.js';
import type { Fixture } from './fixture.js';

/** As `temper bootstrap` derives it, but for what only the hosts could say, on which no port depends. */
export async function clusterOfFixture({ spec, folder, bundle, lab }: Fixture): Promise<Cluster> {
  const parsed = parseCluster(await readFile(spec), { name: 'cluster.yaml', folder, home: '/root' }).spec!;
  const looks = parsed.hosts.map(({ name, roles }) => {
    const { address, workloadAddress = address } = lab.host(name);
    const addresses = { controlPlaneAddress: address, workloadPlaneAddress: workloadAddress };
    return { record: { ...sampleHost, ...addresses, name, hostname: name, roles } };
  });
  const manifest = parseBundle(await readFile(join(bundle, 'bundle.yaml')), 'bundle.yaml').bundle!;
  return clusterOf(parsed, manifest, looks);
}
