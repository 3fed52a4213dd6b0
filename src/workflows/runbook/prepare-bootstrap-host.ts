import { imagesFor, nginxImage } from '../../cluster/images.js';
import { repositoryIndexes } from '../../cluster/packages.js';
import { paths } from '../../cluster/paths.js';
import { entry, type RunbookEntry } from './entry.js';
import {
  installPackagesAndRuntime,
  nameAndDigest,
  packageRepository,
  seedImages,
  startStandaloneKubelet,
} from './prepare-host.js';

/** From a host that is ready to one that serves the bundle's packages and images, of whose clients it is the first. */
export const prepareBootstrapHost: RunbookEntry[] = [
  entry('uploadBundle', ({ spec }) => ({ bundle: spec.bundle })),
  entry('addPackageRepository', (cluster, host) => packageRepository(cluster, host, `file://${paths.bundle}/packages`)),
  ...installPackagesAndRuntime,
  entry('importSeedImages', ({ bundle }) => ({ images: seedImages(bundle).map(nameAndDigest) })),
  startStandaloneKubelet,
  entry('createRegistryCertificate', ({ spec }, host) => ({ cluster: spec.name, address: host.controlPlaneAddress })),
  entry('startRegistry', ({ spec, bundle }, host) => ({
    address: host.controlPlaneAddress,
    port: spec.repository.port,
    nginx: nginxImage(bundle).name,
    images: bundle.images.map(({ name, digest, mediaType }) => ({ name, digest, mediaType })),
    probes: repositoryIndexes(bundle.packages).map((path) => `/${path}`),
  })),
];

/** What the bootstrap host runs itself, but for what its registry needs, which it has by then. */
export const pullImages: RunbookEntry[] = [
  entry('pullImages', (cluster, host) => ({
    images: imagesFor(cluster, host)
      .filter((image) => !seedImages(cluster.bundle).includes(image))
      .map(nameAndDigest),
  })),
];
