/** What a host's own network is; for the judgement over all hosts. */
export interface NetworkRead {
  host: string;
  machineId: string;
  /** Of the machine's firmware; undefined in a container, and where there is none. */
  productUuid?: string;
  clock: Clock;
  /** How long each of some small synchronous writes beside etcd's data took, in milliseconds; only of a host that etcd will run on. */
  syncMilliseconds?: number[];
  /** Who announced which virtual router on the control-plane network, while somebody listened; only with keepalived. */
  announced?: { from: string; routerId: number }[];
}

/** Against the worker's clock: `ahead` seconds, and half of the time that asking took, by which that may be wrong. */
export interface Clock {
  ahead: number;
  uncertain: number;
}

/** How a host can be reached during the check. */
export interface Listening {
  host: string;
  /** `address:port` of the port table where somebody listens now, and nothing that Temper is going to open is still closed. */
  serving: string[];
  /** `listener`: a small one that stands there for the check alone. */
  by: 'services' | 'listener';
  /** Of both planes; undefined where the host has none, and while the link does not say. */
  links: Record<Plane, { interface: string; mtu: number } | undefined>;
}

export type Plane = 'controlPlane' | 'workloadPlane';

/** What a host is asked to reach. */
export interface Targets {
  /** `address:port`. */
  dials: string[];
  /** Largest packet, in bytes with its IP header, that both links carry; 0 when that is not known. */
  pings: { address: string; size: number }[];
}

/** What a host did not reach; the rest answered. */
export interface Reached {
  host: string;
  /** Why nothing was tried; left out when it was. */
  untried?: string;
  failed: { target: string; seen: 'refused' | 'unreachable' | 'silent' }[];
  /** Addresses that answered no ping at all. */
  unanswered: string[];
  /** Where small packets are answered, and ones of `size` bytes are lost without a word; `passed`: the largest that was answered. */
  narrow: { address: string; size: number; passed: number }[];
}

/** All that was seen of all hosts. */
export interface NetworkSeen {
  reads: NetworkRead[];
  listening: Listening[];
  reached: Reached[];
  /** Hosts whose listener stood until everybody had dialled. */
  stood: string[];
}

/** As a host's own preflight says it. */
export interface NetworkFinding {
  host: string;
  check: string;
  level: 'error' | 'warning';
  message: string;
  hint?: string;
}

/** A finding before `preflight.ignore` is applied. */
export type Problem = Omit<NetworkFinding, 'level'> & {
  level?: 'warning';
  /** `ignore` does not reach it. */ mustHold?: true;
};
