import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { readImages, type WantedImage } from '../wanted-images.js';
import { defineStep } from '../step.js';

/** What must run before there is a registry to pull from. */
export const importSeedImages = defineStep({
  title: 'Import the seed images',
  truth: 'kept',
  read: ({ facts }, { images }: { images: WantedImage[] }) => readImages(facts, images),
  plan: ({ images }, present): Change[] =>
    images
      .filter(({ digest }, i) => present[i]?.digest !== digest || !present[i].pinned)
      .map((image) => ({ kind: 'image', ...image, from: { archive: `${paths.bundle}/images` } })),
});
