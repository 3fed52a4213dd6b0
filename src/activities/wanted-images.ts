import type { FactReaders, ImageFact } from './facts/facts.js';

export interface WantedImage {
  name: string;
  digest: string;
}

export async function readImages(facts: FactReaders, images: WantedImage[]): Promise<(ImageFact | undefined)[]> {
  return Promise.all(images.map(({ name }) => facts.image(name)));
}

/** Those that containerd lacks, or has with another content. `present` is in the order of `images`. */
export function missingImages(images: WantedImage[], present: (ImageFact | undefined)[]): WantedImage[] {
  return images.filter(({ digest }, i) => present[i]?.digest !== digest);
}
