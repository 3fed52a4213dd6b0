import type { Bundle } from '../../cluster/bundle.js';
import { paths } from '../../cluster/paths.js';
import { bundleFiles } from '../bundle-files.js';
import type { Change } from '../changes/change.js';
import type { FileFact } from '../facts/facts.js';
import { defineStep, type HostView } from '../step.js';

/**
 * bundle.yaml arrives last and goes first, so where it is the right one, every file was once checked against its sha256 and its size is enough to
 * look at. Otherwise the files that are there are read: they may be another bundle's.
 */
export const uploadBundle = defineStep({
  title: 'Upload the bundle',
  truth: 'kept',
  read: async (host, { bundle }: UploadBundleInput) => {
    const index = await bundleFiles(bundle);
    const indexOnHost = await host.facts.file(indexPath);
    const isComplete = indexOnHost?.sha256 === index.sha256;
    const present = isComplete ? await sizes(host) : await checksums(host, index.files);
    const missing = index.files.filter(({ path, size, sha256 }) => present[path] !== (isComplete ? size : sha256));
    return { index, indexOnHost, isComplete, missing };
  },
  plan: ({ bundle }, { index, indexOnHost, isComplete, missing }): Change[] => {
    if (isComplete && !missing.length) return [];
    const { size, sha256 } = index;
    const files = [...missing, ...(isComplete ? [] : [{ path: 'bundle.yaml', size, sha256 }])];
    const upload: Change = { kind: 'upload', source: bundle, path: paths.bundle, files };
    return indexOnHost && !isComplete ? [{ kind: 'absent', path: indexPath }, upload] : [upload];
  },
});

export interface UploadBundleInput {
  /** Folder on the worker's disk. */
  bundle: string;
}

const indexPath = `${paths.bundle}/bundle.yaml`;

/** By path in the bundle. */
async function sizes(host: HostView): Promise<Record<string, number>> {
  const { stdout } = await host.ask(`find "$1" -type f -printf '%s %P\\n'`, paths.bundle);
  return Object.fromEntries(
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(line.indexOf(' ') + 1), Number(line.slice(0, line.indexOf(' ')))]),
  );
}

async function checksums(host: HostView, files: Bundle['files']): Promise<Record<string, FileFact['sha256']>> {
  return Object.fromEntries(
    await Promise.all(
      files.map(async ({ path }) => [path, (await host.facts.file(`${paths.bundle}/${path}`))?.sha256]),
    ),
  );
}
