/** Every workflow by its type; the worker's bundle is made from this file. */
export { bootstrap } from './bootstrap.js';
export { hostPhase } from './host-phase.js';
export { planCluster } from './plan-cluster.js';
