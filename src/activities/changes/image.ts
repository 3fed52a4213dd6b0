import { paths } from '../../cluster/paths.js';
import type { ImageChange } from './change.js';
import type { Kind } from './kind.js';
import { readHostFile } from './writer.js';
import type { Writer } from './writer.js';

export const image: Kind<ImageChange> = {
  target: ({ name }) => name,
  describe: ({ name, from }) => (from === 'registry' ? `Pull ${name}` : `Import ${name} and pin it`),
  content: ({ digest }) => digest,
  apply: async (writer, changes) => {
    for (const change of changes)
      if (change.from !== 'registry') await importImage(writer, change, change.from.archive);
    await pullImages(
      writer,
      changes.filter(({ from }) => from === 'registry'),
    );
  },
};

async function pullImages(writer: Writer, images: readonly ImageChange[]): Promise<void> {
  if (images.length === 0) return;
  const args = images.flatMap(({ name, digest }) => [name, digest]);
  await writer.long({ id: 'pull', title: `Pull ${images.length} images`, script: pullScript, args, done: doneScript });
}

async function importImage(writer: Writer, { name, digest }: ImageChange, layout: string): Promise<void> {
  const { index, blobs } = await singleImage(writer, layout, name, digest);
  await writer.long({
    id: 'import',
    title: `Import ${name}`,
    script: importScript,
    args: [name, digest, layout, JSON.stringify(index), ...blobs],
    done: `ctr -n k8s.io images ls "name==$1" | grep -F "$2" | grep -qF ${pinnedLabel}`,
  });
}

interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

/** An index that names this image alone, as the layout holds others too, and the paths of its blobs. */
async function singleImage(writer: Writer, layout: string, name: string, digest: string) {
  const json = async (path: string) => JSON.parse(await readHostFile(writer, `${layout}/${path}`)) as unknown;
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

/** Pairs of name and digest: is each there? */
const doneScript = `
while [ $# -gt 0 ]; do
  ctr -n k8s.io images ls "name==$1" | grep -qF "$2" || exit 1
  shift 2
done
`;

/** containerd does not flush what it unpacks, and its database would name it after a power cut all the same. */
const syncImages = 'sync -f /var/lib/containerd\n';

/** An image that has it is not cleaned away by the kubelet; a crash may come between the import and this. */
const pinnedLabel = 'io.cri-containerd.pinned=pinned';

const importScript = `
set -eu
name=$1 layout=$3
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
printf %s "$4" >"$folder/index.json"
shift 4
tar -cf - -C "$folder" index.json -C "$layout" oci-layout "$@" | ctr -n k8s.io images import -
ctr -n k8s.io images label "$name" ${pinnedLabel}
${syncImages}`;

const pullScript = `
set -eu
is_there() { ctr -n k8s.io images ls "name==$1" | grep -qF "$2"; }
while [ $# -gt 0 ]; do
  if ! is_there "$1" "$2"; then
    echo "Pulling $1"
    ctr -n k8s.io images pull --hosts-dir ${paths.containerd}/certs.d "$1" >/dev/null
    is_there "$1" "$2" || { echo "the registry has another $1 than $2"; exit 1; }
  fi
  shift 2
done
${syncImages}`;
