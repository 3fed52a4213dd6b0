import type { Listening, NetworkRead, Reached, Targets } from '../../cluster/network/seen.js';
import type { HostTarget } from '../../host/target.js';
import type { HostCall } from '../calls.js';
import type { HostView } from '../step.js';
import { listenForPeers, stopListening } from './listen-for-peers.js';
import { reachPeers } from './reach-peers.js';
import { readNetwork } from './read-network.js';

/** What is asked of each host to see all of them as one network. */
export interface NetworkProbes {
  /** Reads what is compared between the hosts. Changes nothing. */
  readNetwork(call: HostCall): Promise<NetworkRead>;
  /** Lets peers try the cluster's ports on this host for some seconds. */
  listenForPeers(call: HostCall): Promise<Listening>;
  /** Tries the ways from this host to its peers. */
  reachPeers(call: { host: HostTarget; targets: Targets }): Promise<Reached>;
  /** Ends what `listenForPeers` began. Returns whether it still stood. */
  stopListening(call: { host: HostTarget }): Promise<boolean>;
}

export function networkProbes(view: (host: HostTarget) => Promise<HostView>): NetworkProbes {
  return {
    readNetwork: async ({ host, cluster }) => readNetwork(await view(host), cluster),
    listenForPeers: async ({ host, cluster }) => listenForPeers(await view(host), cluster),
    reachPeers: async ({ host, targets }) => reachPeers(await view(host), targets),
    stopListening: async ({ host }) => stopListening(await view(host)),
  };
}
