import type { Change } from '../changes/change.js';
import { missingImages, readImages, type WantedImage } from '../wanted-images.js';
import { defineStep } from '../step.js';

/** Through the registry, as every other host does: it is proved before anything depends on it. */
export const pullImages = defineStep({
  title: 'Pull the images',
  truth: 'kept',
  read: ({ facts }, { images }: { images: WantedImage[] }) => readImages(facts, images),
  plan: ({ images }, present): Change[] =>
    missingImages(images, present).map((image) => ({ kind: 'image', ...image, from: 'registry' })),
});
