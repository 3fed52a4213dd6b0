import { describe, expect, it } from 'vitest';
import { preflight } from '../../../src/activities/preflight/preflight.js';
import { settledBy } from '../../../src/cluster/host-record.js';
import type { Seen } from '../../../src/activities/preflight/seen.js';
import { sampleCluster } from '../../sample-cluster.js';
import { bareSystem } from '../fake-system.js';

const { spec, bundle } = sampleCluster();
const withSalt = { ...spec, salt: { enabled: true } };
const claim = { cluster: 'prod', name: 'cp1', controlPlaneAddress: '10.0.0.11', workloadPlaneAddress: '10.0.1.11' };

const fitHost: Seen = {
  spec,
  bundle,
  host: spec.hosts[0]!,
  system: { ...bareSystem, programs: ['losetup', 'mount', 'cp'] },
  firewalldRuns: true,
  isOurs: false,
  addresses: { controlPlane: '10.0.0.11', workloadPlane: '10.0.1.11' },
  files: [],
  clusterCa: {},
  etcdData: { folder: '/var/lib/etcd', entries: [] },
  packages: {},
  units: [],
  saltMinionIsOurs: false,
  userId: '0',
  nameserverAnswers: true,
  clockAheadSeconds: 0,
};
const ours: Partial<Seen> = { isOurs: true, claim, clusterCa: { recorded: 'aa', present: 'aa' } };

describe('the preflight', () => {
  it('says nothing against a fit host', () => {
    expect(preflight(fitHost)).toEqual([]);
  });

  it('says nothing against a host on which this cluster runs', () => {
    const finished = seen({
      ...ours,
      files: ['/etc/kubernetes/manifests/etcd.yaml'],
      etcdData: { folder: '/var/lib/etcd', entries: ['member'] },
      packages: { containerd: '2.2.9', kubelet: '1.36.3-1.1' },
      units: ['kubelet', 'salt-minion'],
      saltMinionIsOurs: true,
      system: {
        listening: [
          { protocol: 'tcp', address: '::', port: 6443, process: 'kube-apiserver' },
          { protocol: 'tcp', address: '127.0.0.1', port: 10257, process: 'kube-controller' },
          { protocol: 'tcp', address: '10.0.0.11', port: 4505, process: 'salt-master' },
          { protocol: 'udp', address: '0.0.0.0', port: 8472, process: '' },
        ],
        addresses: [
          ...bareSystem.addresses,
          { interface: 'cni0', address: '10.233.0.1', prefixLength: 24, primary: true },
        ],
        routes: [...bareSystem.routes, { destination: '10.233.0.0/24', interface: 'cni0' }],
        freeMiB: [{ path: '/var/lib', free: 100 }],
      },
    });

    expect(preflight(finished)).toEqual([]);
  });

  it('says nothing of what kubeadm reset leaves on a host that joins again', () => {
    const reset = seen({
      ...ours,
      clusterCa: { recorded: 'aa' },
      packages: { containerd: '2.2.9', kubelet: '1.36.3-1.1' },
      system: { routes: [...bareSystem.routes, { destination: '10.233.2.0/24', interface: 'flannel.1' }] },
    });

    expect(preflight(reset)).toEqual([]);
  });

  it.each<[Changes, string]>([
    [
      {
        bundle: { ...bundle, packages: { deb: bundle.packages.deb } },
        system: { os: { id: 'rocky', idLike: 'rhel centos fedora', versionId: '9.5', prettyName: 'Rocky Linux 9.5' } },
      },
      'Packages: the bundle has no packages for Rocky Linux 9.5 (take a bundle with rpm packages)',
    ],
    [
      { ...ours, claim: { ...claim, settled: { ...settledBy(spec), pods: '10.244.0.0/16' } } },
      "ClusterSettled: networks.pods was 10.244.0.0/16 when the cluster was made and cannot become 10.233.0.0/16: every node's pods have their addresses from it (write 10.244.0.0/16 again, or make another cluster)",
    ],
    [
      { ...ours, claim: { ...claim, settled: { ...settledBy(spec), etcdHosts: 'e1, e2, e3' } } },
      "ClusterSettled: the list of etcd hosts was e1, e2, e3 when the cluster was made and cannot become nothing: they stand in every API server's manifest and in the ConfigMap kubeadm-config (write e1, e2, e3 again, or make another cluster)",
    ],
    [{ userId: '1000' }, 'IsPrivilegedUser: ops is user 1000, not root (set ssh.sudo: true)'],
    [
      { system: { os: { id: 'fedora', idLike: '', versionId: '41', prettyName: 'Fedora Linux 41' } } },
      'OS_UNSUPPORTED: Fedora Linux 41 is not one of debian 12, 13; ubuntu 22.04, 24.04; rhel 9; rocky 9; almalinux 9; centos 9 (its packages may not fit)',
    ],
    [{ system: { architecture: 'arm64' } }, 'Architecture: the host is arm64, the bundle amd64 (take another bundle)'],
    [{ system: { cpus: 1 } }, 'NumCPU: 1 CPU; a control plane needs 2'],
    [{ system: { memoryMiB: 1024 } }, 'Mem: 1024 MiB of memory; a control plane needs 1700 MiB'],
    [
      { system: { swap: ['/dev/sda2'] } },
      'Swap: swap is on: /dev/sda2 (swapoff -a, and take it out of /etc/fstab; or set kubernetes.kubeletConfiguration.failSwapOn: false)',
    ],
    [
      { system: { cgroup: 'v1' } },
      'SystemVerification: the host has cgroup v1, which Kubernetes gave up (boot with systemd.unified_cgroup_hierarchy=1)',
    ],
    [
      { system: { kernel: '4.18.0-553.el8' } },
      'SystemVerification: warning: kernel 4.18.0-553.el8; Kubernetes is tested with 5.4, 5.10, 5.15 and 6 or newer',
    ],
    [{ system: { programs: ['mount', 'cp'] } }, 'FileExisting-losetup: losetup is not in PATH'],
    [
      { system: { selinux: 'enforcing' } },
      'SELinux: SELinux is enforcing, but there is no policy for containers (dnf install container-selinux)',
    ],
    [{ clockAheadSeconds: 45 }, "Clock: warning: the clock is 45 s ahead of the worker's (timedatectl set-ntp true)"],
    [{ clockAheadSeconds: -600 }, "Clock: the clock is 600 s behind the worker's (timedatectl set-ntp true)"],
    [
      { system: { freeMiB: [{ path: '/var/lib', free: 800 }] } },
      'DiskSpace: 800 MiB are free in /var/lib; 1059 MiB are needed',
    ],
    [
      { addresses: { workloadPlane: '10.0.1.11' } },
      'ControlPlaneAddress: no address in networks.controlPlane (10.0.0.0/24); the host has 10.0.0.11, 10.0.1.11',
    ],
    [
      { ...ours, addresses: { controlPlane: '10.0.1.11', workloadPlane: '10.0.1.11' } },
      'ControlPlaneAddress: warning: keeps 10.0.1.11, which was chosen when the cluster was made, although it lies in none of 10.0.0.0/24',
    ],
    [
      { system: { routes: [...bareSystem.routes, { destination: '10.96.0.0/16', interface: 'wg0' }] } },
      'NetworkOverlap: networks.services 10.96.0.0/12 overlaps the route to 10.96.0.0/16 by wg0 (choose other networks.services, or remove it)',
    ],
    [
      { system: { routes: [{ destination: '10.0.0.0/24', interface: 'eth0' }] } },
      'ServiceRoute: there is no route to 10.96.0.0/12: without one the host cannot reach a Service, although kube-proxy would redirect it (ip route add default via GATEWAY, and in the settings that outlive a reboot)',
    ],
    [
      { system: { addresses: [{ interface: 'docker0', address: '10.233.7.1', prefixLength: 32, primary: true }] } },
      'NetworkOverlap: networks.pods 10.233.0.0/16 overlaps the address 10.233.7.1 of docker0 (choose other networks.pods, or remove it)',
    ],
    [
      { system: { nameservers: [] } },
      'Nameserver: there is no nameserver in /etc/resolv.conf, so CoreDNS would end (name one that answers in /etc/resolv.conf)',
    ],
    [
      { nameserverAnswers: false },
      'Nameserver: warning: no answer from 10.0.0.1: the kubelet would wait for it again and again (name one that answers in /etc/resolv.conf)',
    ],
    [
      { firewalldRuns: false },
      'Firewalld: warning: firewalld does not run, so nothing is opened, and nothing is closed to strangers (systemctl enable --now firewalld; or let docs/firewall.md through what is in its place)',
    ],
    [
      { system: { networkOnlineWaiters: ['a.service'] } },
      'NetworkOnline: warning: the kubelet starts after network-online.target, which a.service may hold up for minutes (systemctl start network-online.target shows how long; systemctl mask a.service)',
    ],
    [
      { claim: { ...claim, cluster: 'test' } },
      'HOST_HAS_OTHER_CLUSTER: this is cp1 of cluster test, says /etc/temper/host.yaml (use another host, or take Kubernetes off this one: kubeadm reset, then rm -r /etc/temper)',
    ],
    [
      { claim, clusterCa: { recorded: 'aa', present: 'bb' } },
      'HOST_HAS_OTHER_CLUSTER: the CA of this cluster was replaced by another (put /etc/kubernetes/pki/ca.crt back with its key, or remove /etc/temper after kubeadm reset)',
    ],
    [
      { clusterCa: { present: 'bb' } },
      'HOST_HAS_OTHER_CLUSTER: /etc/kubernetes/pki has the CA of a cluster that Temper did not make (use another host, or take Kubernetes off this one: kubeadm reset, then rm -r /etc/temper)',
    ],
    [
      {
        clusterCa: { present: 'bb' },
        files: ['/etc/kubernetes/manifests/etcd.yaml'],
        etcdData: { folder: '/var/lib/etcd', entries: ['member'] },
      },
      'HOST_HAS_OTHER_CLUSTER: /etc/kubernetes/pki has the CA of a cluster that Temper did not make (use another host, or take Kubernetes off this one: kubeadm reset, then rm -r /etc/temper)',
    ],
    [
      { etcdData: { folder: '/data/etcd', entries: ['member'] } },
      'DirAvailable--data-etcd: /data/etcd is not empty: member (use another host, or take Kubernetes off this one: kubeadm reset, then rm -r /etc/temper)',
    ],
    [
      { claim: 'unreadable' },
      'HOST_HAS_OTHER_CLUSTER: /etc/temper/host.yaml is there, but cannot be read (use another host, or take Kubernetes off this one: kubeadm reset, then rm -r /etc/temper)',
    ],
    [
      { files: ['/etc/kubernetes/manifests/etcd.yaml'] },
      'FileAvailable--etc-kubernetes-manifests-etcd.yaml: /etc/kubernetes/manifests/etcd.yaml already exists (use another host, or take Kubernetes off this one: kubeadm reset, then rm -r /etc/temper)',
    ],
    [
      { etcdData: { folder: '/var/lib/etcd', entries: ['member'] } },
      'DirAvailable--var-lib-etcd: /var/lib/etcd is not empty: member (use another host, or take Kubernetes off this one: kubeadm reset, then rm -r /etc/temper)',
    ],
    [
      { system: { listening: [{ protocol: 'tcp', address: '10.0.1.11', port: 6443, process: 'haproxy' }] } },
      'Port-6443: kube-apiserver needs port 6443/tcp, which haproxy has (stop it)',
    ],
    [
      { ...ours, system: { listening: [{ protocol: 'tcp', address: '*', port: 2379, process: 'other' }] } },
      'Port-2379: etcd needs port 2379/tcp, which other has (stop it)',
    ],
    [
      { system: { listening: [{ protocol: 'tcp', address: '0.0.0.0', port: 8443, process: 'java' }] } },
      'Port-8443: registry needs port 8443/tcp, which java has (stop it, or choose another repository.port)',
    ],
    [
      { packages: { 'docker-ce': '27.0' } },
      'ConflictingPackages: the package docker-ce 27.0 is installed (remove it, if nothing here needs it)',
    ],
    [
      { units: ['k3s'] },
      'ConflictingServices: the service k3s runs (systemctl disable --now k3s, if nothing here needs it)',
    ],
    [
      { units: ['salt-minion'] },
      'ConflictingServices: the service salt-minion runs (systemctl disable --now salt-minion, if nothing here needs it)',
    ],
    [
      { bundle: { ...bundle, kubernetesVersion: 'v1.35.5' } },
      'KubernetesVersion: the bundle has Kubernetes v1.35.5; this Temper knows 1.36 (take another bundle)',
    ],
    [
      { ...ours, packages: { kubelet: '1.36.10-1.1' } },
      "KubeletVersion: the host runs kubelet 1.36.10-1.1, newer than the bundle's v1.36.3 (take a bundle at least as new as the cluster)",
    ],
    [
      {
        spec: { ...spec, apiServer: { certSANs: [], virtualIP: '10.0.0.100', keepalived: true } },
        bundle: { ...bundle, images: bundle.images.filter(({ name }) => !name.includes('keepalived')) },
      },
      'KeepalivedImage: the bundle has no image of keepalived (take another bundle, or set apiServer.keepalived: false)',
    ],
    [
      {
        spec: withSalt,
        bundle: { ...bundle, images: bundle.images.filter(({ name }) => !name.includes('salt-master')) },
      },
      'SaltMasterImage: the bundle has no image of salt-master (take another bundle, or set salt.enabled: false)',
    ],
    [
      {
        spec: withSalt,
        bundle: { ...bundle, packages: { ...bundle.packages, deb: { ...bundle.packages.deb, install: {} } } },
      },
      'SaltMinionPackage: the bundle has no deb package salt-minion (take another bundle, or set salt.enabled: false)',
    ],
    [
      { spec: { ...spec, networks: { ...spec.networks, cni: 'calico' } } },
      'NetworkAddOn: networks.cni is calico, which the bundle does not carry (networks.cni may be flannel or none)',
    ],
  ])('finds %o', (changes, expected) => {
    expect(preflight(seen(changes)).map(spelled)).toEqual([expected]);
  });

  it('leaves a port alone that is taken on another address', () => {
    const listening = [{ protocol: 'tcp' as const, address: '10.0.1.11', port: 2380, process: 'other' }];

    expect(preflight(seen({ system: { listening } }))).toEqual([]);
  });

  it('wants neither an address on the workload plane nor a route to Services from a host of etcd', () => {
    const host = { ...spec.hosts[0]!, roles: ['etcd' as const] };
    const addresses = { controlPlane: '192.168.7.11', workloadPlane: '192.168.7.11' };
    const routes = [{ destination: '192.168.7.0/24', interface: 'eth0' }];

    expect(preflight(seen({ host, addresses, system: { routes } })).map(spelled)).toEqual([
      'ControlPlaneAddress: warning: keeps 192.168.7.11, which was chosen when the cluster was made, although it lies in none of 10.0.0.0/24',
    ]);
  });

  it('accepts swap when the kubelet does', () => {
    const { spec } = sampleCluster({ kubernetes: { kubeletConfiguration: { failSwapOn: false } } });

    expect(preflight(seen({ spec, system: { swap: ['/dev/sda2'] } }))).toEqual([]);
  });

  it.each([
    [
      ['swap', 'MEM'],
      ['Mem warning', 'Swap warning', 'HOST_HAS_OTHER_CLUSTER error'],
    ],
    [['all'], ['Mem warning', 'Swap warning', 'HOST_HAS_OTHER_CLUSTER error']],
    [['Swap'], ['Mem error', 'Swap warning', 'HOST_HAS_OTHER_CLUSTER error']],
  ])('turns what preflight.ignore %j names into warnings, but never what would do harm', (ignore, expected) => {
    const { spec } = sampleCluster({ preflight: { ignore } });
    const host = seen({ spec, clusterCa: { present: 'bb' }, system: { memoryMiB: 10, swap: ['/swap'] } });

    expect(preflight(host).map(({ check, level }) => `${check} ${level}`)).toEqual(expected);
  });
});

type Changes = Partial<Omit<Seen, 'system'>> & { system?: Partial<Seen['system']> };

function seen({ system, ...changes }: Changes): Seen {
  return { ...fitHost, ...changes, system: { ...fitHost.system, ...system } };
}

function spelled({ check, level, message, hint }: ReturnType<typeof preflight>[number]): string {
  return `${check}: ${level === 'warning' ? 'warning: ' : ''}${message}${hint ? ` (${hint})` : ''}`;
}
