import { bootstrapHostOf, type Cluster } from '../../cluster/cluster.js';
import { imageOf } from '../../cluster/images.js';
import { saltPorts } from '../../cluster/ports.js';
import { hostTarget } from '../host-target.js';
import { entry, type RunbookEntry } from './entry.js';

const withSalt = ({ spec }: Cluster) => spec.salt.enabled;

/** On the bootstrap host. */
export const startSaltMaster: RunbookEntry[] = [
  entry('createSaltMasterKey', () => ({}), withSalt),
  entry(
    'startSaltMaster',
    ({ bundle }, { controlPlaneAddress }) => ({
      address: controlPlaneAddress,
      ports: saltPorts,
      image: imageOf(bundle, 'salt-master').name,
    }),
    withSalt,
  ),
];

/** On every host, the bootstrap host too. */
export const connectSaltMinion: RunbookEntry[] = [
  entry(
    'acceptSaltMinion',
    (cluster, { name }) => ({ id: name, host: hostTarget(cluster.spec, name), master: masterOf(cluster).host }),
    withSalt,
  ),
  entry('startSaltMinion', (cluster, { name }) => ({ id: name, master: masterOf(cluster) }), withSalt),
  entry(
    'stopSalt',
    () => ({}),
    (cluster) => !withSalt(cluster),
  ),
];

function masterOf(cluster: Cluster) {
  const { name, controlPlaneAddress } = bootstrapHostOf(cluster);
  return { host: hostTarget(cluster.spec, name), address: controlPlaneAddress, ports: saltPorts };
}
