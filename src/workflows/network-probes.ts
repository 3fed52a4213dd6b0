import { proxyActivities } from '@temporalio/workflow';
import type { NetworkProbes } from '../activities/network/probes.js';
import { patience } from './patience.js';

const activities = proxyActivities<NetworkProbes>(patience.look);

/** Each probe as an activity that says in the Web UI what it does. */
export const networkProbes: NetworkProbes = {
  readNetwork: (call) => activities.readNetwork.executeWithOptions(saying(call, 'what is its network?'), [call]),
  listenForPeers: (call) =>
    activities.listenForPeers.executeWithOptions(saying(call, 'listens for the others'), [call]),
  reachPeers: (call) => activities.reachPeers.executeWithOptions(saying(call, 'does it reach the others?'), [call]),
  stopListening: (call) => activities.stopListening.executeWithOptions(saying(call, 'stops listening'), [call]),
};

function saying({ host }: { host: { name: string } }, what: string) {
  return { ...patience.look, summary: `${host.name}: ${what}` };
}
