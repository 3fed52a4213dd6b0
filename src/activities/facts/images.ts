import type { ImageFact } from './facts.js';
import type { Reader } from './question.js';

export const readImages: Reader<string, ImageFact | undefined> = async (ask, names) => {
  const { stdout } = await ask('command -v ctr >/dev/null && timeout 10 ctr -n k8s.io images ls');
  const images = parseImages(stdout);
  return names.map((name) => images.get(name));
};

/** Table of `ctr images ls`: REF TYPE DIGEST SIZE PLATFORMS LABELS. */
export function parseImages(output: string): Map<string, ImageFact> {
  const images = new Map<string, ImageFact>();
  for (const line of output.split('\n').slice(1)) {
    const [name, , digest] = line.split(/\s+/);
    const pinned = line.includes('io.cri-containerd.pinned=pinned');
    if (digest?.startsWith('sha256:')) images.set(name!, { digest, pinned });
  }
  return images;
}
