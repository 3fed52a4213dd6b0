import { buildBundleFromSource } from './build.js';

// Progress goes to stderr, so that the last and only line of stdout is the bundle's folder.
console.log(await buildBundleFromSource((line) => console.error(line)));
