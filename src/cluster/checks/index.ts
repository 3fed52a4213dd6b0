import {
  addressesOfClientsAreOrdinary,
  endpointForManyControlPlanes,
  endpointOutsideClusterNetworks,
  virtualIpIsFree,
  virtualIpOnControlPlane,
  virtualIpOrEndpoint,
} from './api-server.js';
import type { Check } from './check.js';
import {
  etcdHostsAreNoNodes,
  everyRoleIsFilled,
  hostAddressesAreOrdinary,
  hostsDiffer,
  labelsOfKubernetes,
  oddEtcdMembers,
  oneWayThroughSsh,
  rolesOnce,
} from './hosts.js';
import {
  hostsOutsideClusterNetworks,
  networksApart,
  networksOfOrdinaryAddresses,
  podsForEveryNode,
  servicesOfUsableSize,
} from './networks.js';
import { repositoryPortIsFree, sshPortsAreFree } from './ports.js';
import {
  certificateAuthoritiesLast,
  containerdConfigIsToml,
  documentsOfTheirKind,
  ignoredChecksExist,
  onesOwnSettings,
} from './settings.js';
import { volumesApart, volumesBesideKubeadms } from './volumes.js';

/** Every rule of cluster.yaml that is about more than one value. */
export const checks: Check[] = [
  networksApart,
  networksOfOrdinaryAddresses,
  servicesOfUsableSize,
  podsForEveryNode,
  hostsOutsideClusterNetworks,
  virtualIpOrEndpoint,
  virtualIpIsFree,
  virtualIpOnControlPlane,
  endpointForManyControlPlanes,
  addressesOfClientsAreOrdinary,
  endpointOutsideClusterNetworks,
  hostAddressesAreOrdinary,
  hostsDiffer,
  everyRoleIsFilled,
  rolesOnce,
  labelsOfKubernetes,
  etcdHostsAreNoNodes,
  oddEtcdMembers,
  oneWayThroughSsh,
  repositoryPortIsFree,
  sshPortsAreFree,
  containerdConfigIsToml,
  documentsOfTheirKind,
  onesOwnSettings,
  certificateAuthoritiesLast,
  ignoredChecksExist,
  volumesApart,
  volumesBesideKubeadms,
];
