import { posix } from 'node:path';
import { defaults } from './defaults.js';
import { apiServerPort } from './ports.js';
import type { ClusterSpec, SshSpec, SshWritten, Written } from './spec.js';

/** Where a cluster.yaml lies, for its messages and for the paths in it. */
export interface ClusterFile {
  /** As the user named it. */
  name: string;
  /** Absolute; relative paths in the file start here. */
  folder: string;
  /** What `~` in the file stands for. */
  home: string;
}

/** Fills in every default that depends on another value, and makes every path absolute. */
export function completeSpec({ metadata, spec }: Written, file: ClusterFile): ClusterSpec {
  const { ssh, ...rest } = spec;
  return {
    ...rest,
    name: metadata.name,
    bundle: absolute(spec.bundle, file),
    networks: { ...spec.networks, workloadPlane: spec.networks.workloadPlane ?? spec.networks.controlPlane },
    apiServer: { ...spec.apiServer, endpoint: withPort(spec.apiServer.endpoint) },
    hosts: spec.hosts.map((host) => ({ ...host, ssh: completeSsh(overlaid(ssh, host.ssh), file) })),
  };
}

/** A host's own way in, bastion or proxy command, replaces the cluster's, whichever of the two that is. */
function overlaid(cluster: SshWritten, host: SshWritten): SshWritten {
  const hasOwnWay = host.bastion !== undefined || host.proxyCommand !== undefined;
  return { ...cluster, ...(hasOwnWay && { bastion: undefined, proxyCommand: undefined }), ...host };
}

function completeSsh(written: SshWritten, file: ClusterFile): SshSpec {
  const { user = defaults.sshUser, port = defaults.sshPort, knownHosts = defaults.knownHosts, identityFile } = written;
  return {
    ...written,
    user,
    port,
    sudo: written.sudo ?? user !== 'root',
    knownHosts: absolute(knownHosts, file),
    identityFile: identityFile && absolute(identityFile, file),
  };
}

function absolute(path: string, { folder, home }: ClusterFile): string {
  return posix.resolve(folder, path.replace(/^~(?=\/|$)/, home));
}

function withPort(endpoint: string | undefined): string | undefined {
  return !endpoint || endpoint.includes(':') ? endpoint : `${endpoint}:${apiServerPort}`;
}
