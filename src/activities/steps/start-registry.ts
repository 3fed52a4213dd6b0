import { imageParts, type BundleImage } from '../../cluster/images.js';
import { paths } from '../../cluster/paths.js';
import type { Change, FileChange } from '../changes/change.js';
import { differingFiles, inputsDigest, keptFile, readFiles } from '../kept-files.js';
import { probe } from '../probe.js';
import { render } from '../render.js';
import { defineStep } from '../step.js';

/** nginx as a static pod: an OCI registry straight from the bundle's image layout, and the package repositories, read-only over HTTPS. */
export const startRegistry = defineStep({
  title: 'Start the registry and package repository',
  truth: 'kept',
  read: ({ facts }, input: Registry) => readFiles(facts, filesOf(input)),
  plan: (input, files): Change[] => differingFiles(filesOf(input), files),
  verify: async (host, input) => {
    const { repository, tag } = imageParts(input.images[0]!.name);
    const served = ['/v2/', `/v2/${repository}/manifests/${tag}`, ...input.probes].map((path) => {
      const ask = () => probe(host, `https://${input.address}:${input.port}`, path, `${paths.temperPki}/ca.crt`);
      return host.until(`the registry to serve ${path}`, 60, ask);
    });
    await Promise.all(served);
  },
});

export interface Registry {
  address: string;
  port: number;
  /** Full name of nginx's own image. */
  nginx: string;
  images: Pick<BundleImage, 'name' | 'digest' | 'mediaType'>[];
  /** Further paths that it must serve once it runs. */
  probes: string[];
}

const configPath = `${paths.nginx}/nginx.conf`;
const manifestPath = `${paths.manifests}/temper-registry.yaml`;

function filesOf({ address, port, nginx, images }: Registry): FileChange[] {
  const config = keptFile(configPath, render(configPath, { address, port, ...mapsOf(images) }));
  const configSha256 = inputsDigest([config]);
  const manifest = render(manifestPath, { address, port, image: nginx, configSha256 });
  return [config, keptFile(manifestPath, manifest, '0600')];
}

/** What nginx's configuration lists: it cannot look into the image layout by itself. */
function mapsOf(images: Registry['images']) {
  const mediaTypes = [...new Set([plainManifest, ...images.map(({ mediaType }) => mediaType)])].map((mediaType, i) => ({
    mediaType,
    location: `manifest-${i}`,
  }));
  const rows = images.map(({ name, digest, mediaType }) => ({
    ...imageParts(name),
    sha256: digest.replace('sha256:', ''),
    location: mediaTypes.find((type) => type.mediaType === mediaType)!.location,
  }));
  // Two tags may share a digest, and nginx refuses a line that stands twice.
  const locations = new Map(rows.map(({ sha256, location }) => [sha256, location]));
  return { images: rows, mediaTypes, locations: [...locations], tagLists: tagListsOf(rows) };
}

/** Also of the manifests below an index, which the bundle does not name. */
const plainManifest = 'application/vnd.oci.image.manifest.v1+json';

function tagListsOf(images: { repository: string; tag: string }[]): { repository: string; json: string }[] {
  const repositories = [...new Set(images.map(({ repository }) => repository))];
  return repositories.map((name) => {
    const tags = images.filter(({ repository }) => repository === name).map(({ tag }) => tag);
    return { repository: name, json: JSON.stringify({ name, tags }) };
  });
}
