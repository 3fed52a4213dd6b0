import type { Cluster, HostRecord } from '../../src/cluster/cluster.js';
import { sampleCluster } from '../sample-cluster.js';

/**
 * What users may answer, one row a case; each row's bytes are compared with kubeadm's. docs/kubeadm-parity.md lists the fields.
 * Two tables, because two test files run side by side.
 */
export const answersOfTemper: Record<string, Cluster> = {
  defaults: sampleCluster(),
  'a control plane that is also a worker node': host({ roles: ['bootstrap', 'control-plane', 'worker'] }),
  'a node with another name than its host': host({ hostname: 'machine-7' }),
  'a host with systemd-resolved': host({ usesSystemdResolved: true }),
  'the CA folders of RHEL': host({ caFolders: ['/etc/pki/ca-trust', '/etc/pki/tls/certs'] }),
  'no CA folders but /etc/ssl/certs': host({ caFolders: [] }),
  'own pod and service networks': answers({
    networks: { controlPlane: ['10.0.0.0/24'], pods: '172.20.0.0/14', services: '192.168.128.0/20', cni: 'flannel' },
  }),
  'an endpoint by name': answers({ apiServer: { endpoint: 'api.example.com' } }),
  'an endpoint by name and port': answers({ apiServer: { endpoint: 'api.example.com:8443' } }),
  'etcd on hosts of its own': withEtcdHosts(answers({})),
  'a virtual IP that is managed elsewhere': answers({
    apiServer: { virtualIP: '10.0.0.100', keepalived: false, certSANs: ['*.example.org', '203.0.113.7'] },
    kubernetes: { clusterConfiguration: { apiServer: { certSANs: ['API.Example.com', '10.0.0.100'] } } },
  }),
};

export const answersOfKubeadm: Record<string, Cluster> = {
  'RSA-3072': clusterConfiguration({ encryptionAlgorithm: 'RSA-3072' }),
  'RSA-4096': clusterConfiguration({ encryptionAlgorithm: 'RSA-4096' }),
  'ECDSA-P256': clusterConfiguration({ encryptionAlgorithm: 'ECDSA-P256' }),
  'ECDSA-P384': clusterConfiguration({ encryptionAlgorithm: 'ECDSA-P384' }),
  'validity periods': clusterConfiguration({
    certificateValidityPeriod: '2000h30m',
    caCertificateValidityPeriod: '43800h',
  }),
  "kubeadm's feature gates": clusterConfiguration({
    featureGates: { NodeLocalCRISocket: true, RootlessControlPlane: false },
  }),
  'another DNS domain': clusterConfiguration({ networking: { dnsDomain: 'k8s.example.com' } }),
  "extra arguments that replace, repeat and need YAML's quotes": clusterConfiguration({
    apiServer: {
      extraArgs: [
        { name: 'v', value: '2' },
        { name: 'authorization-mode', value: 'Node,RBAC,Webhook' },
        { name: 'audit-log-path', value: '' },
        { name: 'enable-admission-plugins', value: 'NodeRestriction,PodSecurity' },
        { name: 'feature-gates', value: 'AllAlpha=false' },
        { name: 'oidc-groups-prefix', value: 'oidc: ' },
        { name: 'oidc-username-prefix', value: "it's #1 " },
        { name: 'tls-sni-cert-key', value: '/etc/a.crt,/etc/a.key' },
        { name: 'tls-sni-cert-key', value: '/etc/b.crt,/etc/b.key' },
        { name: 'audit-webhook-batch-throttle-qps', value: `a long value ${'that goes on and on '.repeat(9)}` },
      ],
      certSANs: ['second.example.com'],
    },
    controllerManager: {
      extraArgs: [
        { name: 'bind-address', value: '0.0.0.0' },
        { name: 'node-cidr-mask-size', value: '25' },
      ],
    },
    scheduler: { extraArgs: [{ name: 'bind-address', value: '10.0.0.11' }] },
    etcd: {
      local: {
        dataDir: '/var/lib/etcd-data',
        extraArgs: [
          { name: 'listen-metrics-urls', value: 'http://10.0.0.11:9981,http://127.0.0.1:2381' },
          { name: 'advertise-client-urls', value: 'https://10.0.0.11:2379' },
          { name: 'election-timeout', value: '5000' },
        ],
        serverCertSANs: ['etcd.example.com', '10.0.0.99'],
        peerCertSANs: ['peer.example.com', '10.0.0.98'],
      },
    },
  }),
  'authorization by a file': clusterConfiguration({
    apiServer: { extraArgs: [{ name: 'authorization-config', value: '/etc/kubernetes/authorization.yaml' }] },
  }),
  'extra volumes and environment': clusterConfiguration({
    apiServer: {
      extraVolumes: [
        { name: 'audit', hostPath: '/var/log/audit', mountPath: '/audit', pathType: 'DirectoryOrCreate' },
        { name: 'k8s-certs', hostPath: '/etc/kubernetes/pki', mountPath: '/pki', readOnly: true },
        { name: 'policy', hostPath: '/etc/policy.yaml', mountPath: '/policy.yaml', readOnly: true, pathType: 'File' },
        { name: 'plain', hostPath: '/srv', mountPath: '/srv', readOnly: false },
      ],
      extraEnvs: [
        { name: 'ZONE', value: 'a' },
        { name: 'EMPTY', value: '' },
        { name: 'BOOLEAN', value: 'true' },
        { name: 'NUMBER', value: '0x1F' },
      ],
    },
    controllerManager: { extraVolumes: [{ name: 'cloud', hostPath: '/etc/cloud', mountPath: '/etc/cloud' }] },
    scheduler: { extraEnvs: [{ name: 'TIME', value: '12:30:45' }] },
    etcd: { local: { extraEnvs: [{ name: 'ETCD_QUOTA_BACKEND_BYTES', value: '8589934592' }] } },
  }),
  "the kubelets' configuration": answers({
    kubernetes: {
      kubeletConfiguration: {
        failCgroupV1: false,
        failSwapOn: false,
        maxPods: 200,
        readOnlyPort: 0,
        serverTLSBootstrap: true,
        rotateCertificates: false,
        resolvConf: '',
        podsPerCore: 0,
        cpuCFSQuotaPeriod: '100ms',
        nodeStatusUpdateFrequency: '90s',
        imageGCHighThresholdPercent: 0,
        evictionHard: { 'memory.available': '5%', 'nodefs.available': '10%' },
        evictionSoft: {},
        systemReserved: { cpu: '500m', memory: '1Gi' },
        allowedUnsafeSysctls: ['net.core.somaxconn'],
        enforceNodeAllocatable: [],
        featureGates: { NodeSwap: true },
        memorySwap: { swapBehavior: 'LimitedSwap' },
        logging: { format: 'json', verbosity: 3 },
        authentication: { anonymous: { enabled: true }, webhook: { cacheTTL: '120s' } },
        crashLoopBackOff: { maxContainerRestartPeriod: '60s' },
      },
    },
  }),
  "kube-proxy's configuration": answers({
    kubernetes: {
      kubeProxyConfiguration: {
        mode: 'nftables',
        conntrack: { maxPerCore: 0, tcpEstablishedTimeout: '3600s' },
        metricsBindAddress: '0.0.0.0:10249',
        nodePortAddresses: ['10.0.0.0/8', 'primary'],
        nftables: { syncPeriod: '120s' },
        featureGates: {},
        clientConnection: { qps: 12.5 },
      },
    },
  }),
};

/** With a control plane, a worker node and a bootstrap host that join. */
export const answersOfJoins: Record<string, Cluster> = {
  defaults: withJoiningHosts(answersOfTemper.defaults!),
  'nodes with other names than their hosts': withJoiningHosts(answersOfTemper.defaults!, ({ name }) => ({
    hostname: `machine-of-${name}`,
  })),
  'control planes that are also worker nodes': withJoiningHosts(answersOfTemper.defaults!, ({ roles }) => ({
    roles: roles.includes('control-plane') ? [...roles, 'worker'] : roles,
  })),
  'the CA folders of RHEL where the first host has those of Debian': withJoiningHosts(
    answersOfTemper.defaults!,
    ({ name }) => (name === 'cp1' ? {} : { caFolders: ['/etc/pki/ca-trust', '/etc/pki/tls/certs'] }),
  ),
  'etcd on hosts of its own': withEtcdHosts(withJoiningHosts(answersOfTemper.defaults!)),
  ...withJoiningHostsEach(answersOfTemper, [
    'own pod and service networks',
    'an endpoint by name and port',
    'a virtual IP that is managed elsewhere',
  ]),
  ...withJoiningHostsEach(answersOfKubeadm, [
    'ECDSA-P384',
    'validity periods',
    "extra arguments that replace, repeat and need YAML's quotes",
    'extra volumes and environment',
    "the kubelets' configuration",
  ]),
};

function withJoiningHostsEach(rows: Record<string, Cluster>, names: string[]): Record<string, Cluster> {
  return Object.fromEntries(names.map((name) => [name, withJoiningHosts(rows[name]!)]));
}

function withJoiningHosts(cluster: Cluster, change: (host: HostRecord) => Partial<HostRecord> = () => ({})): Cluster {
  const [first] = cluster.hosts as [HostRecord];
  const hosts: HostRecord[] = [
    { ...first, roles: first.roles.filter((role) => role !== 'bootstrap') },
    joining(first, 'cp2', ['control-plane'], 12),
    joining(first, 'w1', ['worker'], 21),
    joining(first, 'boot', ['bootstrap'], 31),
  ];
  const given = cluster.spec.hosts[0]!;
  const specs = hosts.map(({ name, roles, controlPlaneAddress }) => ({
    ...given,
    name,
    roles: roles as typeof given.roles,
    address: controlPlaneAddress,
  }));
  const spec = { ...cluster.spec, hosts: specs };
  return { ...cluster, spec, hosts: hosts.map((host) => ({ ...host, ...change(host) })) };
}

function withEtcdHosts(cluster: Cluster): Cluster {
  const [first] = cluster.hosts as [HostRecord];
  const added = [1, 2, 3].map((number) => joining(first, `e${number}`, ['etcd'], 40 + number));
  const specs = added.map(({ name, controlPlaneAddress }) => ({
    ...cluster.spec.hosts[0]!,
    name,
    roles: ['etcd' as const],
    address: controlPlaneAddress,
  }));
  const spec = { ...cluster.spec, hosts: [...cluster.spec.hosts, ...specs] };
  return { ...cluster, spec, hosts: [...cluster.hosts, ...added], firstEtcdMember: 'e1' };
}

/** `number`: last of its addresses. */
function joining(first: HostRecord, name: string, roles: string[], number: number): HostRecord {
  const addresses = { controlPlaneAddress: `10.0.0.${number}`, workloadPlaneAddress: `10.0.1.${number}` };
  return { ...first, name, hostname: name, roles, ...addresses };
}

function host(record: Partial<HostRecord>): Cluster {
  return answers({}, record);
}

function clusterConfiguration(overrides: object): Cluster {
  return answers({ kubernetes: { clusterConfiguration: overrides } });
}

interface Answers {
  kubernetes?: { clusterConfiguration?: object; [key: string]: unknown };
  [key: string]: unknown;
}

/** With elliptic curves unless the case is about keys: twenty RSA keys a case take much longer than all the rest. */
function answers(spec: Answers, record: Partial<HostRecord> = {}): Cluster {
  const clusterConfiguration = { encryptionAlgorithm: 'ECDSA-P256', ...spec.kubernetes?.clusterConfiguration };
  return sampleCluster({ ...spec, kubernetes: { ...spec.kubernetes, clusterConfiguration } }, record);
}
