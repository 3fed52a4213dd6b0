import { expect, test } from 'vitest';
import { importSeedImages } from '../../../src/activities/steps/import-seed-images.js';

const pause = { name: 'registry.k8s.io/pause:3.10.2', digest: 'sha256:aa' };

test.each([
  ['an image that is missing', undefined, 1],
  ['one of another content', { digest: 'sha256:bb', pinned: true }, 1],
  ['one that a crash left unpinned', { digest: 'sha256:aa', pinned: false }, 1],
  ['nothing when it is there and pinned', { digest: 'sha256:aa', pinned: true }, 0],
])('imports %s', (_, present, count) => {
  expect(importSeedImages.plan({ images: [pause] }, [present])).toHaveLength(count);
});
