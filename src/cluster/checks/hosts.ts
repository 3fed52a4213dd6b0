import { contains, isAddress, whyExtraordinary } from '../addresses.js';
import type { PlacedComplaint } from '../schema-complaints.js';
import { explainLabel } from '../names.js';
import { hostsOf, type Check } from './check.js';
import { sshPortOf } from './ports.js';

export const hostsDiffer: Check = function* (spec) {
  const seen = new Map<string, string>();
  for (const host of hostsOf(spec)) {
    const { index, path, name, address } = host;
    const { port } = sshPortOf(spec, host);
    const reachedAt = address && port && `${address.toLowerCase()}:${port}`;
    for (const [key, value] of Object.entries({ name, address: reachedAt })) {
      const first = value && seen.get(`${key} ${value}`);
      if (first)
        yield {
          path: [...path, key],
          message: `hosts[${index}] has the same ${key} as ${first}: ${key === 'name' ? name : address}`,
        };
      else seen.set(`${key} ${value}`, `hosts[${index}]`);
    }
  }
};

/** A loopback address can be right: of the machine itself, or of a port that leads on. */
export const hostAddressesAreOrdinary: Check = function* (spec) {
  for (const { path, index, address = '' } of hostsOf(spec)) {
    const reason = isAddress(address) && !contains('127.0.0.0/8', address) && whyExtraordinary(address);
    if (!reason) continue;
    const message = `hosts[${index}].address ${address}: ${reason}`;
    yield { path: [...path, 'address'], message, hint: 'write the address that SSH reaches the host at' };
  }
};

export const everyRoleIsFilled: Check = function* (spec) {
  const hosts = hostsOf(spec);
  const withRole = (role: 'bootstrap' | 'control-plane') => hosts.filter(({ roles }) => roles.includes(role));
  const [firstBootstrap, ...moreBootstraps] = withRole('bootstrap');
  // A list that the schema already refused says nothing about the roles that are missing.
  if (hosts.length !== spec.hosts?.length || hosts.some(({ roles }) => roles.length === 0)) return;
  if (!firstBootstrap) yield missing('bootstrap', 'give the role bootstrap to one host');
  if (!withRole('control-plane').length)
    yield missing('control-plane', 'give the role control-plane to at least one host');
  if (firstBootstrap && moreBootstraps.length) {
    const names = [firstBootstrap, ...moreBootstraps].map(({ name, index }) => name ?? `hosts[${index}]`);
    const message = `${names.length} bootstrap hosts: ${names.join(', ')}`;
    yield { path: [...moreBootstraps[0]!.path, 'roles'], message, hint: 'keep one' };
  }
};

export const rolesOnce: Check = function* (spec) {
  for (const { path, roles } of hostsOf(spec)) {
    const index = roles.findIndex((role, at) => roles.indexOf(role) !== at);
    if (index >= 0) yield { path: [...path, 'roles', index], message: `the role ${roles[index]} stands twice` };
  }
};

export const labelsOfKubernetes: Check = function* (spec) {
  for (const { path, index, labels } of hostsOf(spec)) {
    for (const [key, value = ''] of Object.entries(labels ?? {})) {
      const complaint = explainLabel(key, value);
      if (!complaint) continue;
      const { message, hint } = complaint;
      yield { path: [...path, 'labels', key], message: `hosts[${index}].labels.${key}: ${message}`, hint };
    }
  }
};

/** kubeadm knows two topologies: etcd on the control planes, or on hosts that are no nodes. One that is both would be neither. */
export const etcdHostsAreNoNodes: Check = function* (spec) {
  for (const { path, name, roles, labels } of hostsOf(spec)) {
    if (!roles.includes('etcd')) continue;
    for (const role of ['control-plane', 'worker'] as const) {
      if (!roles.includes(role)) continue;
      yield {
        path: [...path, 'roles', roles.indexOf(role)],
        message: `${name}: a host with the role etcd is no node of Kubernetes, so it cannot have the role ${role}`,
        hint: 'where no host has the role etcd, control planes run etcd',
      };
    }
    if (Object.keys(labels ?? {}).length > 0) {
      const message = `${name}: a host with the role etcd is no node of Kubernetes, so it has no labels`;
      yield { path: [...path, 'labels'], isKey: true, message, hint: 'leave them out' };
    }
  }
};

export const oddEtcdMembers: Check = function* (spec) {
  const hosts = hostsOf(spec);
  const withRole = (role: 'etcd' | 'control-plane') => hosts.filter(({ roles }) => roles.includes(role)).length;
  const members = withRole('etcd') || withRole('control-plane');
  if (members === 0 || members % 2 || hosts.some(({ roles }) => roles.length === 0)) return;
  yield {
    path: ['hosts'],
    level: 'warning',
    message: `${members} etcd members survive no more failures than ${members - 1}`,
    hint: 'use an odd number',
  };
};

export const oneWayThroughSsh: Check = function* (spec) {
  for (const { path, ssh } of [{ path: [], ssh: spec.ssh }, ...hostsOf(spec)]) {
    if (!ssh?.bastion || !ssh.proxyCommand) continue;
    yield {
      path: [...path, 'ssh', 'proxyCommand'],
      isKey: true,
      message: 'ssh has both bastion and proxyCommand',
      hint: 'keep one',
    };
  }
};

function missing(role: string, hint: string): PlacedComplaint {
  return { path: ['hosts'], message: `no host has the role ${role}`, hint };
}
