import { buildBundleFromSource } from '../bundle/from-source/build.js';
import { temporalBinary } from '../src/cli/embedded/temporal-binary.js';
import { baseImage } from './base-image.js';

/** Builds, or takes from the cache, all that the lab needs; says what it does all the time. */
export async function prepare(say: (line: string) => void): Promise<{ bundle: string }> {
  const begun = Date.now();
  // Side by side: these two wait for packages, while the bundle's compilers keep the processors busy.
  const [bundle] = await Promise.all([buildBundleFromSource(say), baseImage(say), temporalBinary()]);
  const seconds = Math.round((Date.now() - begun) / 1000);
  say(seconds < 5 ? 'base image, bundle and Temporal are taken from the cache' : `all is built, in ${seconds} s`);
  return { bundle };
}
