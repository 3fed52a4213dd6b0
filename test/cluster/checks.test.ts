import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { parseCluster } from '../../src/cluster/parse.js';

const cp = (n: number) => ({ name: `cp${n}`, address: `10.0.0.1${n}`, roles: ['control-plane'] });
const bootstrap = { name: 'cp1', address: '10.0.0.11', roles: ['bootstrap', 'control-plane'] };
const worker = (n: number) => ({ name: `w${n}`, address: `10.0.${1 + (n >> 8)}.${n % 256}`, roles: ['worker'] });
const nodeMask = (value: string) => [{ name: 'node-cidr-mask-size', value }];
const pods = (cidr: string, extraArgs: object[] = []) => ({
  networks: { controlPlane: ['10.0.0.0/24'], pods: cidr },
  kubernetes: { clusterConfiguration: { controllerManager: { extraArgs } } },
});

describe('a spec whose parts do not fit each other', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['one host and defaults', {}, []],
    [
      'planes that are equal or overlap',
      { networks: { controlPlane: ['10.0.0.0/24'], workloadPlane: ['10.0.0.0/16'] } },
      [],
    ],
    [
      'pods that overlap services',
      { networks: { controlPlane: ['10.0.0.0/24'], pods: '10.96.128.0/17' } },
      ['networks.pods 10.96.128.0/17 overlaps networks.services 10.96.0.0/12 (choose another)'],
    ],
    [
      'default pods that overlap a plane',
      { networks: { controlPlane: ['192.168.0.0/16', '10.233.4.0/24'] } },
      [
        'networks.pods 10.233.0.0/16 overlaps networks.controlPlane 10.233.4.0/24 (10.233.0.0/16 is the default; choose another)',
      ],
    ],
    [
      'services that overlap the workload plane',
      { networks: { controlPlane: ['10.0.0.0/24'], workloadPlane: ['10.100.0.0/24'] } },
      [
        'networks.services 10.96.0.0/12 overlaps networks.workloadPlane 10.100.0.0/24 (10.96.0.0/12 is the default; choose another)',
      ],
    ],
    [
      'a host in the pods',
      { hosts: [{ ...bootstrap, address: '10.233.0.5' }] },
      ['10.233.0.5 lies in networks.pods 10.233.0.0/16 (choose other pods)'],
    ],
    [
      'services too small for DNS at .10',
      { networks: { controlPlane: ['10.0.0.0/24'], services: '10.96.0.0/29', pods: '10.233.0.0/25' } },
      [
        'networks.services 10.96.0.0/29 is too small (/28 or larger; /12 is usual)',
        'networks.pods 10.233.0.0/25 is too small (each node takes a /24 of it)',
      ],
    ],
    [
      'services and pods larger than kubeadm takes',
      { networks: { controlPlane: ['192.168.0.0/24'], services: '10.0.0.0/11', pods: '64.0.0.0/7' } },
      [
        'networks.services 10.0.0.0/11 is too large (/12 or smaller)',
        'networks.pods 64.0.0.0/7 is too large (/8 or smaller, because each node takes a /24 of it)',
        '10.0.0.11 lies in networks.services 10.0.0.0/11 (choose other services)',
      ],
    ],
    [
      'pods for one node, and three of them beside a host of etcd',
      {
        networks: { controlPlane: ['10.0.0.0/24'], pods: '10.233.0.0/24' },
        hosts: [bootstrap, worker(1), worker(2), { ...worker(3), roles: ['etcd'] }],
      },
      [
        'networks.pods 10.233.0.0/24 has room for 1 node, the cluster has 3 (10.233.0.0/22 or larger, because each node takes a /24 of it)',
      ],
    ],
    [
      'the default pods for 300 nodes',
      { hosts: [bootstrap, ...Array.from({ length: 299 }, (_, n) => worker(n + 1))] },
      [
        'networks.pods 10.233.0.0/16 has room for 256 nodes, the cluster has 300 (10.232.0.0/15 or larger, because each node takes a /24 of it)',
      ],
    ],
    ['pods for as many nodes as there are', { ...pods('10.233.0.0/23'), hosts: [bootstrap, worker(1)] }, []],
    [
      'pods of which each node takes less than usual',
      { ...pods('10.233.0.0/24', nodeMask('26')), hosts: [bootstrap, worker(1), worker(2), worker(3)] },
      [],
    ],
    [
      'pods of which each node takes more than usual',
      { ...pods('10.233.0.0/20', nodeMask('20')), hosts: [bootstrap, worker(1)] },
      [
        'networks.pods 10.233.0.0/20 has room for 1 node, the cluster has 2 (10.233.0.0/19 or larger, because each node takes a /20 of it)',
      ],
    ],
    [
      'pods that are cut into more parts than there can be',
      pods('10.128.0.0/9', nodeMask('26')),
      ['networks.pods 10.128.0.0/9 is too large (/10 or smaller, because each node takes a /26 of it)'],
    ],
    [
      'a share of the pods that is no prefix length',
      pods('10.233.0.0/16', nodeMask('/26')),
      ['node-cidr-mask-size /26 is no prefix length (a whole number up to 32; 24 is usual)'],
    ],
    [
      'pods that something else deals out',
      {
        ...pods('10.233.0.0/24', [{ name: 'allocate-node-cidrs', value: 'false' }]),
        hosts: [bootstrap, worker(1)],
      },
      [],
    ],
    [
      'a virtual IP that says not who manages it',
      { apiServer: { virtualIP: '10.0.0.100' } },
      [
        'apiServer.keepalived must be given with virtualIP (true: Temper manages it by keepalived; false: it is managed elsewhere)',
      ],
    ],
    [
      'keepalived without a virtual IP',
      { apiServer: { keepalived: false } },
      ['apiServer.keepalived has no meaning without virtualIP'],
    ],
    [
      'a virtual IP and an endpoint',
      { apiServer: { virtualIP: '10.0.0.100', keepalived: false, endpoint: 'api.example.com' } },
      ['apiServer has both virtualIP and endpoint (keep one of them)'],
    ],
    [
      'a virtual IP of keepalived outside the control plane networks',
      { apiServer: { virtualIP: '10.0.9.100', keepalived: true } },
      [
        'apiServer.virtualIP 10.0.9.100 lies in no network of networks.controlPlane (10.0.0.0/24) (keepalived needs it in one that all control planes share)',
      ],
    ],
    [
      'a virtual IP elsewhere that is managed elsewhere',
      { apiServer: { virtualIP: '192.0.2.1', keepalived: false } },
      [],
    ],
    [
      'a virtual IP that is a host',
      { apiServer: { virtualIP: '10.0.0.11', keepalived: false } },
      ['apiServer.virtualIP 10.0.0.11 is the address of host cp1 (choose a free one)'],
    ],
    [
      'a virtual IP that is a Service',
      { apiServer: { virtualIP: '10.96.0.9', keepalived: false } },
      ['apiServer.virtualIP 10.96.0.9 lies in networks.services 10.96.0.0/12'],
    ],
    [
      'many control planes without an endpoint, an even number, all with one address',
      { hosts: [bootstrap, { ...cp(2), address: '10.0.0.11' }] },
      [
        'warning: 2 etcd members survive no more failures than 1 (use an odd number)',
        'hosts[1] has the same address as hosts[0]: 10.0.0.11',
        'more than one control plane needs apiServer.virtualIP or apiServer.endpoint (clients need one address that leads to all of them)',
      ],
    ],
    [
      'two hosts of one name, two bootstrap hosts',
      { apiServer: { endpoint: 'api' }, hosts: [bootstrap, { ...bootstrap, address: '10.0.0.12' }, cp(3)] },
      ['hosts[1] has the same name as hosts[0]: cp1', '2 bootstrap hosts: cp1, cp1 (keep one)'],
    ],
    [
      'a virtual IP that is refused, and what stands beside it',
      { apiServer: { virtualIP: '10.0.0.100/24', keepalived: true }, hosts: [bootstrap, cp(2), cp(3)] },
      ["apiServer.virtualIP: '10.0.0.100/24' is not an IPv4 address (write 10.0.0.100)"],
    ],
    [
      'a virtual IP by a wrong key, and what stands beside it',
      { apiServer: { virtualIp: '10.0.0.100', keepalived: true }, hosts: [bootstrap, cp(2), cp(3)] },
      ["unknown key 'virtualIp' in apiServer (did you mean virtualIP?)"],
    ],
    [
      'a virtual IP beside what is refused',
      { apiServer: { virtualIP: '10.0.0.100', keepalived: 'yes' } },
      ["apiServer.keepalived must be true or false, not 'yes' (write true)"],
    ],
    [
      'networks that are refused, whose defaults would not do',
      {
        networks: { controlPlane: ['10.233.0.0/24', '10.0.0/24'], pods: '10.1.0.0', services: 3 },
        apiServer: { virtualIP: '10.0.0.100', keepalived: true },
      },
      [
        "networks.controlPlane[1]: '10.0.0/24' is not an IPv4 network (address/prefix length, as in 10.0.0.0/24)",
        "networks.pods: '10.1.0.0' has no prefix length (for this one address write 10.1.0.0/32)",
        'networks.services must be text, not 3 (Network that Services get their addresses from, such as 10.96.0.0/12.)',
      ],
    ],
    [
      'roles of which one is refused',
      { apiServer: { endpoint: 'api' }, hosts: [bootstrap, cp(2), { ...cp(3), roles: ['control_plane'] }] },
      ["hosts[2].roles[0] cannot be 'control_plane' (did you mean control-plane?)"],
    ],
    [
      'three bootstrap hosts',
      {
        hosts: [bootstrap, ...[worker(1), worker(2)].map((host) => ({ ...host, roles: ['bootstrap', 'worker'] }))],
      },
      ['3 bootstrap hosts: cp1, w1, w2 (keep one)'],
    ],
    [
      'no bootstrap host and no control plane',
      { hosts: [{ ...bootstrap, roles: ['worker'] }] },
      [
        'no host has the role bootstrap (give the role bootstrap to one host)',
        'no host has the role control-plane (give the role control-plane to at least one host)',
      ],
    ],
    [
      'a role that stands twice',
      { hosts: [{ ...bootstrap, roles: ['bootstrap', 'etcd', 'etcd'] }] },
      [
        'no host has the role control-plane (give the role control-plane to at least one host)',
        'the role etcd stands twice',
      ],
    ],
    [
      'three hosts of etcd, one of which serves, and two control planes',
      {
        apiServer: { endpoint: 'api' },
        hosts: [
          { ...bootstrap, name: 'e1', roles: ['bootstrap', 'etcd'] },
          { ...cp(2), name: 'e2', roles: ['etcd'] },
          { ...cp(3), name: 'e3', roles: ['etcd'] },
          cp(4),
          cp(5),
        ],
      },
      [],
    ],
    [
      'hosts of etcd that are to be nodes too, an even number',
      {
        hosts: [
          { ...bootstrap, roles: ['bootstrap', 'etcd', 'control-plane'] },
          { ...cp(2), roles: ['etcd', 'worker'], labels: { zone: 'a' } },
        ],
      },
      [
        'warning: 2 etcd members survive no more failures than 1 (use an odd number)',
        'cp1: a host with the role etcd is no node of Kubernetes, so it cannot have the role control-plane (where no host has the role etcd, control planes run etcd)',
        'cp2: a host with the role etcd is no node of Kubernetes, so it cannot have the role worker (where no host has the role etcd, control planes run etcd)',
        'cp2: a host with the role etcd is no node of Kubernetes, so it has no labels (leave them out)',
      ],
    ],
    [
      'networks of addresses that nobody can have',
      { networks: { controlPlane: ['10.0.0.0/24', '127.0.0.0/8'], pods: '224.1.0.0/16' } },
      [
        'networks.controlPlane 127.0.0.0/8: addresses of 127.0.0.0/8 never leave a host (such as 10.0.0.0/24)',
        'networks.pods 224.1.0.0/16: addresses of 224.0.0.0/4 are for multicast (such as 10.0.0.0/24)',
      ],
    ],
    [
      'addresses that nobody can have',
      {
        networks: { controlPlane: ['10.0.0.0/24', '240.0.0.0/24'] },
        apiServer: { virtualIP: '169.254.0.9', keepalived: true },
        hosts: [
          { ...bootstrap, address: '0.0.0.0' },
          { ...worker(1), address: '224.0.0.1' },
          { ...worker(2), address: '255.255.255.255' },
        ],
      },
      [
        'networks.controlPlane 240.0.0.0/24: addresses of 240.0.0.0/4 are reserved (such as 10.0.0.0/24)',
        'hosts[0].address 0.0.0.0: addresses of 0.0.0.0/8 stand for no host (write the address that SSH reaches the host at)',
        'hosts[1].address 224.0.0.1: addresses of 224.0.0.0/4 are for multicast (write the address that SSH reaches the host at)',
        'hosts[2].address 255.255.255.255: addresses of 240.0.0.0/4 are reserved (write the address that SSH reaches the host at)',
        'apiServer.virtualIP 169.254.0.9: addresses of 169.254.0.0/16 are never routed (choose one that all hosts and clients reach)',
      ],
    ],
    [
      'a virtual IP that is managed elsewhere, where nobody is',
      { apiServer: { virtualIP: '240.0.0.1', keepalived: false } },
      [
        'apiServer.virtualIP 240.0.0.1: addresses of 240.0.0.0/4 are reserved (choose one that all hosts and clients reach)',
      ],
    ],
    [
      'an endpoint that each host would look for in itself',
      { apiServer: { endpoint: '127.0.0.1:6443' } },
      [
        'apiServer.endpoint 127.0.0.1: addresses of 127.0.0.0/8 never leave a host (choose one that all hosts and clients reach)',
      ],
    ],
    [
      'an endpoint that is a Service',
      { apiServer: { endpoint: '10.96.0.1:443' } },
      ['apiServer.endpoint 10.96.0.1 lies in networks.services 10.96.0.0/12'],
    ],
    ['the machine itself, reached over loopback', { hosts: [{ ...bootstrap, address: '127.0.0.1' }] }, []],
    [
      'hosts whose names differ by capitals alone',
      {
        hosts: [
          { ...bootstrap, address: 'Host.example.com' },
          { ...worker(1), address: 'host.example.com' },
        ],
      },
      ['hosts[1] has the same address as hosts[0]: host.example.com'],
    ],
    [
      "a virtual IP that is a network's own",
      { apiServer: { virtualIP: '10.0.0.255', keepalived: true } },
      [
        'apiServer.virtualIP 10.0.0.255 is the first or last address of 10.0.0.0/24, which no host can have (choose one between them)',
      ],
    ],
    [
      'labels that Kubernetes would refuse, beside one of a wrong type',
      { hosts: [{ ...bootstrap, labels: { 'a b': 'c', zone: 3, 'example.com/rack': 'y z' } }] },
      [
        "hosts[0].labels.a b: 'a b' cannot be the key of a label (as in zone or example.com/zone)",
        "hosts[0].labels.zone must be text, not 3 (in quotes: '3')",
        "hosts[0].labels.example.com/rack: 'y z' cannot be the value of a label (at most 63 letters, digits, '-', '_' and '.')",
      ],
    ],
    [
      "settings of Kubernetes that are Temper's to make",
      {
        kubernetes: {
          clusterConfiguration: {
            apiServer: {
              extraArgs: [
                { name: 'v', value: '4' },
                { name: 'secure-port', value: '7443' },
              ],
            },
            etcd: { local: { extraArgs: [{ name: 'data-dir', value: '/srv' }] } },
          },
          kubeletConfiguration: { healthzPort: 1, maxPods: 50 },
        },
      },
      [
        "apiServer: the argument secure-port cannot be set (kubeadm's probes ask the usual port)",
        'etcd.local: the argument data-dir cannot be set (write etcd.local.dataDir)',
        'kubeletConfiguration.healthzPort cannot be set (Temper and kubeadm ask 127.0.0.1:10248)',
      ],
    ],
    [
      'words that JavaScript means something by',
      {
        ssh: { sudo: 'constructor' },
        kubernetes: { clusterConfiguration: { scheduler: { extraArgs: [{ name: 'constructor', value: '' }] } } },
      },
      [
        "ssh.sudo must be true or false, not 'constructor' (Become root by sudo, without a password. Default: true unless the user is root.)",
      ],
    ],
    [
      'arguments by names that no component has, or that pass by a refusal',
      {
        kubernetes: {
          clusterConfiguration: {
            apiServer: {
              extraArgs: ['audit-log-path', 'v', '--secure-port', '-v', 'v=2', '--v=2', 'v w', ''].map((name) => ({
                name,
                value: '1',
              })),
            },
            scheduler: { extraArgs: [{ name: 'secure_port', value: '7443' }] },
          },
        },
      },
      [
        "kubernetes.clusterConfiguration.apiServer.extraArgs[2].name: '--secure-port' cannot name an argument (write secure-port, without the leading --)",
        "kubernetes.clusterConfiguration.apiServer.extraArgs[3].name: '-v' cannot name an argument (write v, without the leading -)",
        "kubernetes.clusterConfiguration.apiServer.extraArgs[4].name: 'v=2' cannot name an argument (write {name: v, value: '2'})",
        "kubernetes.clusterConfiguration.apiServer.extraArgs[5].name: '--v=2' cannot name an argument (write {name: v, value: '2'})",
        "kubernetes.clusterConfiguration.apiServer.extraArgs[6].name: 'v w' cannot name an argument (small letters, digits and -, as in audit-log-path)",
        "kubernetes.clusterConfiguration.apiServer.extraArgs[7].name: '' cannot name an argument (small letters, digits and -, as in audit-log-path)",
        "kubernetes.clusterConfiguration.scheduler.extraArgs[0].name: 'secure_port' cannot name an argument (small letters, digits and -, as in audit-log-path)",
      ],
    ],
    [
      "volumes and variables that no pod can have, beside one that replaces kubeadm's",
      {
        kubernetes: {
          clusterConfiguration: {
            apiServer: {
              extraVolumes: [
                { name: 'k8s-certs', hostPath: '/etc/kubernetes/pki', mountPath: '/pki', readOnly: true, pathType: '' },
                { name: 'audit', hostPath: '/var/log/audit', mountPath: '/audit', pathType: 'DirectoryOrCreate' },
                { name: 'audit', hostPath: '/srv', mountPath: '/srv' },
                { name: 'Policy_1', hostPath: 'policy.yaml', mountPath: '/audit', pathType: 'file' },
                { name: 'certs', hostPath: '/srv/certs', mountPath: '/etc/ssl/certs' },
                { name: 'back', hostPath: '/srv/../etc', mountPath: '/etc/x' },
              ],
              extraEnvs: [{ name: '' }, { name: 'A=B' }, { name: 'HTTPS_PROXY', value: '' }],
            },
          },
        },
      },
      [
        'apiServer.extraVolumes[2] has the same name as extraVolumes[1]: audit',
        "kubernetes.clusterConfiguration.apiServer.extraVolumes[3].name: 'Policy_1' cannot name a volume (at most 63 of a-z, 0-9 and -, such as audit-logs)",
        "kubernetes.clusterConfiguration.apiServer.extraVolumes[3].hostPath: 'policy.yaml' is not an absolute path (it begins with /)",
        'apiServer.extraVolumes[3] has the same mountPath as extraVolumes[1]: /audit',
        "kubernetes.clusterConfiguration.apiServer.extraVolumes[3].pathType cannot be 'file' (did you mean File?)",
        'apiServer.extraVolumes[4]: at /etc/ssl/certs kubeadm mounts its volume ca-certs (mount it elsewhere, or give it the name ca-certs to replace that one)',
        "kubernetes.clusterConfiguration.apiServer.extraVolumes[5].hostPath: '/srv/../etc' leads back by .. (write where it leads)",
        "kubernetes.clusterConfiguration.apiServer.extraEnvs[0].name: '' cannot name an environment variable (as in HTTPS_PROXY; its value stands under value)",
        "kubernetes.clusterConfiguration.apiServer.extraEnvs[1].name: 'A=B' cannot name an environment variable (as in HTTPS_PROXY; its value stands under value)",
      ],
    ],
    [
      'values that kubeadm would refuse',
      {
        kubernetes: {
          clusterConfiguration: {
            networking: { dnsDomain: 'Foo_Bar' },
            etcd: { local: { dataDir: 'relative' } },
            certificateValidityPeriod: '-1h',
          },
        },
      },
      [
        'kubernetes.clusterConfiguration.networking.dnsDomain: must be a DNS name of small letters, such as cluster.local',
        "kubernetes.clusterConfiguration.etcd.local.dataDir: 'relative' is not an absolute path (it begins with /)",
        "kubernetes.clusterConfiguration.certificateValidityPeriod: '-1h' is no duration from 1h to 2562047h (such as 8760h, a year)",
      ],
    ],
    [
      'certificates that are over at once, or that Go cannot count to',
      {
        kubernetes: {
          clusterConfiguration: { certificateValidityPeriod: '59m', caCertificateValidityPeriod: '3000000h' },
        },
      },
      [
        "kubernetes.clusterConfiguration.certificateValidityPeriod: '59m' is no duration from 1h to 2562047h (such as 8760h, a year)",
        "kubernetes.clusterConfiguration.caCertificateValidityPeriod: '3000000h' is no duration from 1h to 2562047h (such as 8760h, a year)",
      ],
    ],
    [
      'certificates that outlive their CA',
      { kubernetes: { clusterConfiguration: { certificateValidityPeriod: '90000h' } } },
      [
        'warning: the CAs are valid for 87600h, which is less than the 90000h of their certificates (caCertificateValidityPeriod is usually ten times certificateValidityPeriod)',
      ],
    ],
    [
      "names in kubeadm's own lists that no certificate takes",
      {
        kubernetes: {
          clusterConfiguration: {
            apiServer: { certSANs: ['API.example.com', 'fd00::1', '10.0.0.9', 'api:6443'] },
            etcd: { local: { serverCertSANs: ['etcd.example.com', '::1', 'Etcd'], peerCertSANs: ['a b'] } },
          },
        },
      },
      [
        "kubernetes.clusterConfiguration.apiServer.certSANs[3]: 'api:6443' is neither a DNS name nor an IPv4 address (as in api.example.com or *.example.com)",
        "kubernetes.clusterConfiguration.etcd.local.serverCertSANs[2]: 'Etcd' has capitals (write etcd)",
        "kubernetes.clusterConfiguration.etcd.local.peerCertSANs[0]: 'a b' is neither a DNS name nor an IPv4 address (as in api.example.com or *.example.com)",
      ],
    ],
    [
      'checks to ignore that there are not, beside such as there are',
      {
        preflight: {
          ignore: ['swap', 'Port-6443', 'FileAvailable--etc-kubernetes', 'SystemVerificaton', 'CRI', 'all'],
        },
      },
      [
        "warning: preflight.ignore: there is no check 'SystemVerificaton' (did you mean SystemVerification?)",
        "warning: preflight.ignore: there is no check 'CRI' (temper check --hosts names those that find something)",
      ],
    ],
    [
      'two ways through SSH',
      { ssh: { bastion: 'jump', proxyCommand: 'nc %h %p' } },
      ['ssh has both bastion and proxyCommand (keep one)'],
    ],
    [
      'a repository on the port of the API server',
      { repository: { port: 6443 } },
      ['repository.port 6443 belongs to kube-apiserver (choose another)'],
    ],
    [
      'a repository on the port of SSH',
      { repository: { port: 22 } },
      ['repository.port 22 belongs to SSH (choose another)'],
    ],
    [
      "a repository on the port of its own host's SSH",
      {
        repository: { port: 2222 },
        ssh: { port: 22 },
        hosts: [{ ...bootstrap, ssh: { port: 2222 } }, worker(1)],
      },
      ['repository.port 2222 belongs to SSH (choose another)'],
    ],
    [
      "a repository on the port of another host's SSH",
      { repository: { port: 2222 }, hosts: [bootstrap, { ...worker(1), ssh: { port: 2222 } }] },
      [],
    ],
    [
      'SSH of all hosts on the port of the repository, which nobody wrote',
      { ssh: { port: 8443 }, hosts: [bootstrap, worker(1)] },
      ['ssh.port 8443 belongs to registry (choose another, or another repository.port)'],
    ],
    [
      'SSH on ports of the cluster',
      { ssh: { port: 10250 }, hosts: [{ ...bootstrap, ssh: { port: 2379 } }, worker(1), worker(2)] },
      ['hosts[0].ssh.port 2379 belongs to etcd (choose another)', 'ssh.port 10250 belongs to kubelet (choose another)'],
    ],
    [
      'SSH on ports that other hosts, or clusters with other settings, have',
      {
        salt: { enabled: false },
        networks: { controlPlane: ['10.0.0.0/24'], cni: 'calico' },
        hosts: [
          { ...bootstrap, ssh: { port: 4505 } },
          { ...worker(1), ssh: { port: 6443 } },
          { ...worker(2), ssh: { port: 8081 } },
        ],
      },
      [],
    ],
    [
      'containerd settings that are not TOML',
      { containerd: { config: 'version = 3\n[plugins\n' } },
      ['containerd.config is not TOML: illegal character in key (line 2 of it)'],
    ],
    [
      'a document of another kind',
      { kubernetes: { kubeletConfiguration: { kind: 'KubeProxyConfiguration' } } },
      [
        "kubernetes.kubeletConfiguration.kind cannot be 'KubeProxyConfiguration' (leave it out, or write KubeletConfiguration)",
      ],
    ],
  ])('is told all at once: %s', (_, spec, expected) => {
    expect(findingsOf(spec)).toEqual(expected);
  });
});

function findingsOf(spec: Record<string, unknown>): string[] {
  const text = stringify({
    apiVersion: 'temper/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'prod' },
    spec: { bundle: './bundle', networks: { controlPlane: ['10.0.0.0/24'] }, hosts: [bootstrap], ...spec },
  });
  const { findings } = parseCluster(text, { name: 'cluster.yaml', folder: '/srv', home: '/root' });
  return findings.map(
    ({ level, message, hint }) => `${level === 'warning' ? 'warning: ' : ''}${message}${hint ? ` (${hint})` : ''}`,
  );
}
