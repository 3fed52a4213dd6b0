import { isControlPlane } from '../../cluster/cluster.js';
import type { PreflightCheck } from './check.js';

/** kubeadm: less is not enough for a control plane. */
const leastCpus = 2;
const leastMemoryMiB = 1700;

/** What Kubernetes is tested with. https://kubernetes.io/docs/setup/production-environment/container-runtimes */
const longTermKernels = ['5.4', '5.10', '5.15'];

/** By os-release's ID. What is written of a version counts: 9 stands for 9.5. */
const knownSystems: Record<string, string[]> = {
  debian: ['12', '13'],
  ubuntu: ['22.04', '24.04'],
  ...Object.fromEntries(['rhel', 'rocky', 'almalinux', 'centos'].map((id) => [id, ['9']])),
};

/** Largest difference that goes unnoticed, and the one at which certificates, which begin five minutes early, are not valid yet. */
const skewSeconds = { warning: 30, error: 240 };

/** What the machine and its operating system must be. */
export const machineChecks: PreflightCheck[] = [
  {
    name: 'IsPrivilegedUser',
    mustHold: true,
    *look({ userId, host }) {
      if (userId !== '0') yield { message: `${host.ssh.user} is user ${userId}, not root`, hint: 'set ssh.sudo: true' };
    },
  },
  {
    name: 'OS_UNSUPPORTED',
    *look({ system: { os } }) {
      if (knownSystems[os.id]?.some((version) => `${os.versionId}.`.startsWith(`${version}.`))) return;
      yield { message: `${os.prettyName} is not one of ${systemNames()}`, hint: 'its packages may not fit' };
    },
  },
  {
    name: 'Architecture',
    mustHold: true,
    *look({ system: { architecture }, bundle: { packages } }) {
      if (architecture === packages.deb.architecture) return;
      yield {
        message: `the host is ${architecture}, the bundle ${packages.deb.architecture}`,
        hint: 'take another bundle',
      };
    },
  },
  {
    name: 'NumCPU',
    *look({ system: { cpus }, host }) {
      if (isControlPlane(host) && cpus < leastCpus)
        yield { message: `${cpus} CPU; a control plane needs ${leastCpus}` };
    },
  },
  {
    name: 'Mem',
    *look({ system: { memoryMiB }, host }) {
      if (!isControlPlane(host) || memoryMiB >= leastMemoryMiB) return;
      yield { message: `${memoryMiB} MiB of memory; a control plane needs ${leastMemoryMiB} MiB` };
    },
  },
  {
    name: 'Swap',
    *look({ system: { swap }, spec }) {
      if (!swap.length || spec.kubernetes.kubeletConfiguration.failSwapOn === false) return;
      const hint =
        'swapoff -a, and take it out of /etc/fstab; or set kubernetes.kubeletConfiguration.failSwapOn: false';
      yield { message: `swap is on: ${swap.join(', ')}`, hint };
    },
  },
  {
    name: 'SystemVerification',
    *look({ system: { cgroup, kernel } }) {
      if (cgroup === 'v1')
        yield {
          message: 'the host has cgroup v1, which Kubernetes gave up',
          hint: 'boot with systemd.unified_cgroup_hierarchy=1',
        };
      const [major = 0] = kernel.split('.').map(Number);
      if (major >= 6 || longTermKernels.includes(kernel.split('.').slice(0, 2).join('.'))) return;
      yield {
        level: 'warning',
        message: `kernel ${kernel}; Kubernetes is tested with ${longTermKernels.join(', ')} and 6 or newer`,
      };
    },
  },
  {
    name: 'FileExisting',
    *look({ system: { programs } }) {
      for (const program of ['losetup', 'mount', 'cp']) {
        if (!programs.includes(program))
          yield { name: `FileExisting-${program}`, message: `${program} is not in PATH` };
      }
    },
  },
  {
    name: 'SELinux',
    *look({ system: { selinux }, packages }) {
      if (selinux !== 'enforcing' || packages['container-selinux']) return;
      yield {
        message: 'SELinux is enforcing, but there is no policy for containers',
        hint: 'dnf install container-selinux',
      };
    },
  },
  {
    name: 'Clock',
    *look({ clockAheadSeconds }) {
      const seconds = Math.round(Math.abs(clockAheadSeconds));
      if (seconds <= skewSeconds.warning) return;
      const message = `the clock is ${seconds} s ${clockAheadSeconds > 0 ? 'ahead of' : 'behind'} the worker's`;
      yield { level: seconds < skewSeconds.error ? 'warning' : undefined, message, hint: 'timedatectl set-ntp true' };
    },
  },
  {
    name: 'DiskSpace',
    *look({ system: { freeMiB }, bundle: { images }, isOurs }) {
      if (isOurs) return;
      // Every image lies there twice: in the bundle, and unpacked to about the double. The rest is for packages, logs and etcd.
      const neededMiB = Math.ceil((3 * images.reduce((sum, { size }) => sum + size, 0)) / 2 ** 20) + 1024;
      const short = freeMiB.find(
        ({ path, free }) => ['/var/lib', '/var/lib/containerd'].includes(path) && free < neededMiB,
      );
      if (short) yield { message: `${short.free} MiB are free in ${short.path}; ${neededMiB} MiB are needed` };
    },
  },
];

function systemNames(): string {
  return Object.entries(knownSystems)
    .map(([id, versions]) => `${id} ${versions.join(', ')}`)
    .join('; ');
}
