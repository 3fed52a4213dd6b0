import { clusterOf } from '../../cluster/cluster.js';
import { ownCa } from '../../cluster/kubeadm/certificates.js';
import { paths } from '../../cluster/paths.js';
import { portsOf, type HostPort } from '../../cluster/ports.js';
import type { SystemFact } from '../facts/facts.js';
import { listenerName } from '../network/listen-for-peers.js';
import type { PreflightCheck } from './check.js';
import { recordOf } from './record.js';
import { foreignPackages, foreignUnits } from './seen.js';

const takeOff = `use another host, or take Kubernetes off this one: kubeadm reset, then rm -r ${paths.temper}`;

/** Whether something is already where the cluster is to be. What this cluster itself put there is in nobody's way. */
export const occupiedChecks: PreflightCheck[] = [
  {
    name: 'HOST_HAS_OTHER_CLUSTER',
    mustHold: true,
    *look({ claim, clusterCa, isOurs, spec, host }) {
      if (isOurs) return;
      if (claim === 'unreadable') {
        yield { message: `${paths.hostRecord} is there, but cannot be read`, hint: takeOff };
      } else if (claim && (claim.cluster !== spec.name || claim.name !== host.name)) {
        yield { message: `this is ${claim.name} of cluster ${claim.cluster}, says ${paths.hostRecord}`, hint: takeOff };
      } else if (claim) {
        const message = `the CA of this cluster ${clusterCa.present ? 'was replaced by another' : 'is gone'}`;
        yield {
          message,
          hint: `put ${ownCa(host)}.crt back with its key, or remove ${paths.temper} after kubeadm reset`,
        };
      } else if (clusterCa.present) {
        yield { message: `${paths.pki} has the CA of a cluster that Temper did not make`, hint: takeOff };
      }
    },
  },
  {
    name: 'FileAvailable',
    *look({ files, isOurs }) {
      if (isOurs) return;
      for (const path of files)
        yield { name: `FileAvailable-${dashed(path)}`, message: `${path} already exists`, hint: takeOff };
    },
  },
  {
    name: 'DirAvailable',
    *look({ etcdData: { folder, entries }, isOurs }) {
      if (isOurs || entries.length === 0) return;
      const message = `${folder} is not empty: ${entries.join(', ')}`;
      yield { name: `DirAvailable-${dashed(folder)}`, message, hint: takeOff };
    },
  },
  {
    name: 'Port',
    *look(seen) {
      const record = recordOf(seen);
      if (!record) return;
      const wanted = portsOf(clusterOf(seen.spec, seen.bundle, [{ record }]), record);
      const told = new Set<number>();
      for (const row of wanted) {
        const holder = seen.system.listening.find((socket) => isInTheWay(row, socket));
        if (!holder || told.has(row.port) || (seen.isOurs && holder.process === row.process)) continue;
        told.add(row.port);
        const message = `${row.service} needs port ${row.port}/${row.protocol}, which ${holder.process || 'the kernel'} has`;
        const hint = row.service === 'registry' ? 'stop it, or choose another repository.port' : 'stop it';
        yield { name: `Port-${row.port}`, message, hint };
      }
    },
  },
  {
    name: 'ConflictingPackages',
    *look({ packages, isOurs }) {
      // These are Temper's own to install; on a host that is not ours yet, somebody else uses them.
      const names = isOurs ? foreignPackages : [...foreignPackages, 'containerd.io', 'kubelet'];
      for (const name of names.filter((each) => packages[each])) {
        yield {
          message: `the package ${name} ${packages[name]} is installed`,
          hint: `remove it, if nothing here needs it`,
        };
      }
    },
  },
  {
    name: 'ConflictingServices',
    *look({ units, isOurs, saltMinionIsOurs, spec }) {
      const foreign = [
        ...foreignUnits,
        ...(isOurs ? [] : ['kubelet']),
        // A minion has one master.
        ...(spec.salt.enabled && !saltMinionIsOurs ? ['salt-minion'] : []),
      ];
      for (const name of units.filter((each) => foreign.includes(each))) {
        yield {
          message: `the service ${name} runs`,
          hint: `systemctl disable --now ${name}, if nothing here needs it`,
        };
      }
    },
  },
];

function dashed(path: string): string {
  return path.replaceAll('/', '-');
}

function isInTheWay(row: HostPort, socket: SystemFact['listening'][number]): boolean {
  // What another run's check of the network left goes away by itself.
  if (socket.process === listenerName) return false;
  if (row.port === 0 || row.port !== socket.port || row.protocol !== socket.protocol) return false;
  return [row.address, socket.address].some(isWildcard) || row.address === socket.address;
}

function isWildcard(address: string): boolean {
  return ['0.0.0.0', '*', '::', '[::]'].includes(address);
}
