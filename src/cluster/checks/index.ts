import {
  endpointForManyControlPlanes,
  virtualIpIsFree,
  virtualIpOnControlPlane,
  virtualIpOrEndpoint,
} from './api-server.js';
import type { Check } from './check.js';
import { everyRoleIsFilled, hostsDiffer, oddEtcdMembers, oneWayThroughSsh, rolesOnce } from './hosts.js';
import { hostsOutsideClusterNetworks, networksApart, networksOfUsableSize } from './networks.js';
import { notYetSupported } from './not-yet-supported.js';
import { containerdConfigIsToml, documentsOfTheirKind, repositoryPortIsFree } from './settings.js';

/** Every rule of cluster.yaml that is about more than one value. */
export const checks: Check[] = [
  networksApart,
  networksOfUsableSize,
  hostsOutsideClusterNetworks,
  virtualIpOrEndpoint,
  virtualIpIsFree,
  virtualIpOnControlPlane,
  endpointForManyControlPlanes,
  hostsDiffer,
  everyRoleIsFilled,
  rolesOnce,
  oddEtcdMembers,
  oneWayThroughSsh,
  repositoryPortIsFree,
  containerdConfigIsToml,
  documentsOfTheirKind,
  notYetSupported,
];
