import type { ImageChange } from './change.js';
import { oneByOne } from './kind.js';
import type { Kind } from './kind.js';
import { readHostFile } from './writer.js';
import type { Writer } from './writer.js';

export const image: Kind<ImageChange> = {
  target: ({ name }) => name,
  describe: ({ name, from }) => (from === 'registry' ? `Pull ${name}` : `Import ${name} and pin it`),
  content: ({ digest }) => digest,
  apply: oneByOne(async (writer, { name, digest, from }) => {
    if (from === 'registry') {
      await writer.long({ title: `Pull ${name}`, script: pullScript, args: [name, digest], done: doneScript });
      return;
    }
    const { index, blobs } = await singleImage(writer, from.archive, name, digest);
    await writer.long({
      title: `Import ${name}`,
      script: importScript,
      args: [name, digest, from.archive, JSON.stringify(index), ...blobs],
      done: doneScript,
    });
  }),
};

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

/** An index that names this image alone, as the layout holds others too, and the paths of its blobs. */
async function singleImage(writer: Writer, layout: string, name: string, digest: string) {
  const json = async (path: string) => JSON.parse(await readHostFile(writer, `${layout}/${path}`));
  const { manifests } = (await json('index.json')) as { manifests: Descriptor[] };
  const { mediaType, size } = manifests.find((manifest) => manifest.digest === digest)!;
  const { config, layers } = (await json(blobPath(digest))) as { config: Descriptor; layers: Descriptor[] };
  const annotations = { 'io.containerd.image.name': name };
  return {
    index: { schemaVersion: 2, manifests: [{ mediaType, digest, size, annotations }] },
    blobs: [digest, ...[config, ...layers].map((blob) => blob.digest)].map(blobPath),
  };
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

const doneScript = `ctr -n k8s.io images ls "name==$1" | grep -qF "$2"`;

const importScript = `
set -eu
name=$1 layout=$3
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
printf %s "$4" >"$folder/index.json"
shift 4
tar -cf - -C "$folder" index.json -C "$layout" oci-layout "$@" | ctr -n k8s.io images import -
ctr -n k8s.io images label "$name" io.cri-containerd.pinned=pinned
`;

const pullScript = `
set -eu
ctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d "$1"
ctr -n k8s.io images ls "name==$1" | grep -qF "$2" || { echo "the registry has another $1 than $2"; exit 1; }
`;
