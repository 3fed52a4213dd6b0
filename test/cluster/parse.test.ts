import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCluster, specDigest } from '../../src/cluster/parse.js';
import { formatFinding } from '../../src/cluster/yaml-source.js';

const file = { name: 'cluster.yaml', folder: '/srv/prod', home: '/home/ops' };

/** A good file whose lines can be replaced: `edit({ 'pods:': '    pods: 1' })` replaces the line that holds `pods:`; '' at the end adds. */
const good = `apiVersion: temper/v1alpha1
kind: Cluster
metadata: {name: prod}
spec:
  bundle: ./bundle
  networks:
    controlPlane: [10.0.0.0/24]
    pods: 10.233.0.0/16
    services: 10.96.0.0/12
  ssh: {user: ops, identityFile: ~/.ssh/id_ed25519}
  hosts:
    - {name: cp1, address: 10.0.0.11, roles: [bootstrap, control-plane]}
`;

describe('a good cluster.yaml', () => {
  const { spec, findings } = parseCluster(good, file);

  it('is completed with every default', () => {
    expect(findings).toEqual([]);
    expect(spec).toMatchObject({
      name: 'prod',
      networks: {
        controlPlane: ['10.0.0.0/24'],
        workloadPlane: ['10.0.0.0/24'],
        pods: '10.233.0.0/16',
        services: '10.96.0.0/12',
      },
      repository: { port: 8443 },
      firewall: { apiServerFrom: [] },
      salt: { enabled: true },
      kubernetes: { clusterConfiguration: {}, kubeletConfiguration: {}, kubeProxyConfiguration: {} },
      hosts: [{ name: 'cp1', labels: {}, ssh: { user: 'ops', port: 22, sudo: true } }],
    });
  });

  it('gets absolute paths: from the file, and from the home of whoever runs it', () => {
    expect(spec?.bundle).toBe('/srv/prod/bundle');
    expect(spec?.hosts[0]?.ssh).toMatchObject({
      identityFile: '/home/ops/.ssh/id_ed25519',
      knownHosts: '/home/ops/.ssh/known_hosts',
    });
  });

  it('lays the SSH settings of a host over those of the cluster', () => {
    const text = replaced({
      '  ssh:': '  ssh: {user: ops, port: 2222, proxyCommand: nc %h %p}',
      '    - {name: cp1':
        '    - {name: cp1, address: 10.0.0.11, roles: [bootstrap, control-plane], ssh: {user: root, bastion: jump}}',
    });

    expect(parseCluster(text, file).spec?.hosts[0]?.ssh).toEqual({
      user: 'root',
      port: 2222,
      sudo: false,
      bastion: 'jump',
      knownHosts: '/home/ops/.ssh/known_hosts',
    });
  });

  it('may use anchors and merges', () => {
    const text = replaced({
      '    - {name: cp1': '    - {<<: &base {address: 10.0.0.11, roles: [bootstrap, control-plane]}, name: cp1}',
    });

    expect(parseCluster(text, file)).toMatchObject({
      findings: [],
      spec: { hosts: [{ name: 'cp1', address: '10.0.0.11' }] },
    });
  });

  it('may name an endpoint or a virtual IP that is managed elsewhere', () => {
    const spec = (line: string) => parseCluster(replaced({ '  ssh:': line }), file).spec;

    expect(spec('  apiServer: {endpoint: api.example.com}')?.apiServer.endpoint).toBe('api.example.com:6443');
    expect(spec('  apiServer: {endpoint: api.example.com:443}')?.apiServer.endpoint).toBe('api.example.com:443');
    expect(spec('  apiServer: {virtualIP: 10.0.0.100, keepalived: false}')?.apiServer.virtualIP).toBe('10.0.0.100');
  });

  it('has a digest that depends on what it says, not on how it is written', () => {
    const reordered = good.replace(/(  bundle: .*\n)([^]*)(  ssh: .*\n)/, '$3$2$1');

    expect(reordered).not.toBe(good);
    expect(specDigest(parseCluster(reordered, file).spec!)).toBe(specDigest(spec!));
    expect(specDigest(parseCluster(good.replace('10.0.0.11', '10.0.0.12'), file).spec!)).not.toBe(specDigest(spec!));
  });
});

describe('a file that is not YAML', () => {
  it.each<[string, string | Uint8Array, string[]]>([
    ['is empty', '', ['1:1 the file is empty']],
    ['has only comments', '# later\n', ['1:1 the file is empty']],
    ['is not UTF-8', Uint8Array.of(0x61, 0x3a, 0xff), ['1:1 the file is not UTF-8 text']],
    ['is a list', '- a\n', ['1:1 the file must be a mapping, not a list']],
    ['has two documents', `${good}---\n${good}`, ['13:1 a second document begins here (one file, one document)']],
    ['has a key twice', `${good}  bundle: x\n`, ["13:3 'bundle' stands twice in this mapping"]],
    [
      'is indented by tabs',
      replaced({ '    pods:': '\tpods: 10.1.0.0/16' }),
      ['8:1 tabs are not allowed as indentation (indent by spaces)'],
    ],
    [
      'is indented by one space too many',
      replaced({ '  networks:': '   networks:' }),
      [
        "5:11 nested mappings are not allowed in compact mappings (check the indentation of the lines that follow; a text with ': ' in it needs quotes)",
      ],
    ],
    [
      'does not close what it opened',
      replaced({ 'metadata:': 'metadata: {name: "prod}' }),
      ['13:1 missing closing "quote (what was opened before this place is not closed)'],
    ],
    [
      'has a tag',
      replaced({ '  bundle:': '  bundle: !!binary aGk=' }),
      [
        '5:11 unresolved tag: tag:yaml.org,2002:binary (write the value without a tag; a text that begins with ! needs quotes)',
      ],
    ],
    [
      'names an anchor that is not there',
      replaced({ '  bundle:': '  bundle: *b' }),
      ["5:11 nothing is anchored as 'b' before this"],
    ],
    [
      'merges what is no mapping',
      replaced({ 'metadata:': 'metadata: {<<: prod}' }),
      ["3:12 '<<' takes a mapping, or a list of them"],
    ],
    [
      'repeats itself beyond measure',
      good.replace(
        'spec:',
        `spec:\n  a0: &a0 [0, 0, 0, 0, 0, 0, 0, 0]\n${[1, 2, 3, 4, 5, 6, 7, 8].map(tenfold).join('\n')}`,
      ),
      ["9:17 with '*a3', aliases repeat more than 20000 values (write out what is meant)"],
    ],
    [
      'has a key that JavaScript would lose',
      replaced({ '  ssh:': '  kubernetes: {kubeletConfiguration: {__proto__: {maxPods: 3}}}' }),
      ["10:39 '__proto__' cannot be a key"],
    ],
    [
      'has several such mistakes',
      `${replaced({ '  ssh:': '  ssh: *s', 'metadata:': 'metadata: {<<: prod}' })}  bundle: x\n`,
      [
        "3:12 '<<' takes a mapping, or a list of them",
        "10:8 nothing is anchored as 's' before this",
        "13:3 'bundle' stands twice in this mapping",
      ],
    ],
    [
      'has a mistake in its syntax, after which the rest is read wrongly',
      `${replaced({ '    pods:': '\tpods: 10.1.0.0/16' })}  bundle: x\n  bundle: y\n`,
      ['8:1 tabs are not allowed as indentation (indent by spaces)'],
    ],
    ['is far too large', `${good}# ${'x'.repeat(2 ** 20)}\n`, ['1:1 the file is larger than 1 MiB']],
    ['holds itself', replaced({ '  bundle:': '  bundle: &b [*b]' }), ["5:15 'b' holds itself"]],
  ])('%s: says where', (_, text, expected) => {
    expect(linesOf(text)).toEqual(expected);
  });
});

describe('a large file', () => {
  it('may repeat the settings of all its hosts by an alias', () => {
    const host = (n: number) =>
      `    - {name: w${n}, address: 10.0.${1 + (n >> 8)}.${n % 256}, roles: [worker], ssh: *ssh}\n`;
    const text = replaced({
      '    pods:': '    pods: 10.224.0.0/11',
      '  ssh:': '  ssh: &ssh {user: ops, port: 2222, sudo: true}',
    });
    const { spec, findings } = parseCluster(text + Array.from({ length: 1000 }, (_, n) => host(n)).join(''), file);

    expect(findings).toEqual([]);
    expect(spec?.hosts[1000]?.ssh.port).toBe(2222);
  });
});

describe('any other file', () => {
  const tokens = [
    'null',
    '[]',
    '{}',
    '"',
    ': ',
    '\n',
    '- ',
    '&a ',
    '*a',
    '10.0.0.0/8',
    '-1',
    '!!binary x',
    '<<: ',
    '\t',
    '#',
    '|',
    '[[',
    '?',
  ];
  const edit = fc.tuple(fc.nat(good.length), fc.nat(12), fc.constantFrom(...tokens));

  it('gives a spec or a finding, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 4 }), (edits) => {
        let text = good;
        for (const [at, length, token] of edits) text = text.slice(0, at) + token + text.slice(at + length);
        const { spec, findings } = parseCluster(text, file);

        expect(spec !== undefined).toBe(findings.every(({ level }) => level === 'warning'));
      }),
      { numRuns: 100 },
    );
  });
});

describe('a mistake in cluster.yaml', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'an unknown key',
      { '    pods:': '    pod: 10.233.0.0/16' },
      ["8:5 unknown key 'pod' in networks (did you mean pods?)"],
    ],
    [
      'a key far from all',
      { '    pods:': '    x: y' },
      ["8:5 unknown key 'x' in networks (one of controlPlane, workloadPlane, pods, services, cni)"],
    ],
    [
      'a missing key',
      { '  bundle:': '' },
      ['4:1 bundle is missing (Folder of the bundle; its version is the version of Kubernetes.)'],
    ],
    [
      'an empty value',
      { '  bundle:': '  bundle:' },
      ['5:3 bundle must be text, not empty (Folder of the bundle; its version is the version of Kubernetes.)'],
    ],
    [
      'a wrong type',
      { '    pods:': '    pods: 1' },
      ['8:11 networks.pods must be text, not 1 (Network that pods get their addresses from, such as 10.233.0.0/16.)'],
    ],
    [
      'a text instead of a list',
      { '    controlPlane:': '    controlPlane: 10.0.0.0/24' },
      [
        "7:19 networks.controlPlane must be a list, not '10.0.0.0/24' (Networks of the control plane, tried in order: the first that a host has an address in gives its address.)",
      ],
    ],
    [
      'a wrong role',
      { '    - {name: cp1': '    - {name: cp1, address: 10.0.0.11, roles: [bootstrap, controlplane]}' },
      ["12:58 hosts[0].roles[1] cannot be 'controlplane' (did you mean control-plane?)"],
    ],
    [
      'a port out of range',
      { '  bundle:': '  bundle: b\n  repository: {port: 70000}' },
      ['6:22 repository.port must be at most 65535, not 70000'],
    ],
    ['an empty list', { '    controlPlane:': '    controlPlane: []' }, ['7:5 networks.controlPlane must not be empty']],
    [
      'host bits',
      { '    services:': '    services: 10.96.0.7/12' },
      [
        "9:15 networks.services: '10.96.0.7/12' is not the start of a network (the network with 10.96.0.7 in it is 10.96.0.0/12)",
      ],
    ],
    [
      'an octal number',
      { '    controlPlane:': '    controlPlane: [010.0.0.0/8]' },
      [
        "7:20 networks.controlPlane[0]: '010.0.0.0/8' has a leading zero, which some programs read as octal (write 10.0.0.0/8)",
      ],
    ],
    [
      'a foreign apiVersion',
      { 'apiVersion:': 'apiVersion: temper/v2', '  bundle:': '  nonsense: 1' },
      ["1:13 apiVersion cannot be 'temper/v2' (write temper/v1alpha1)"],
    ],
    ['a foreign kind', { 'kind:': 'kind: Bundle' }, ["2:7 kind cannot be 'Bundle' (write Cluster)"]],
    [
      'an impossible node name',
      { '    - {name: cp1': '    - {name: CP_1, address: 10.0.0.11, roles: [bootstrap, control-plane]}' },
      ["12:14 hosts[0].name: 'CP_1' cannot name a node (RFC 1123: at most 63 of a-z, 0-9, - and dots, such as cp1)"],
    ],
    [
      "kubeadm's fields that are settled otherwise",
      {
        '  bundle:':
          '  bundle: b\n  kubernetes: {clusterConfiguration: {imageRepository: x, networking: {podSubnet: 10.0.0.0/8}}}',
      },
      [
        "6:39 kubernetes.clusterConfiguration.imageRepository is not set here (images keep upstream's names and come from the bundle)",
        '6:72 kubernetes.clusterConfiguration.networking.podSubnet is not set here (write networks.pods)',
      ],
    ],
    [
      'a field that kubeadm does not have',
      { '  bundle:': '  bundle: b\n  kubernetes: {clusterConfiguration: {etcd: {locale: {}}}}' },
      ["6:46 unknown key 'locale' in kubernetes.clusterConfiguration.etcd (did you mean local?)"],
    ],
    [
      'arguments as older kubeadm had them',
      { '  bundle:': '  bundle: b\n  kubernetes: {clusterConfiguration: {scheduler: {extraArgs: {v: "2"}}}}' },
      [
        "6:51 kubernetes.clusterConfiguration.scheduler.extraArgs must be a list, not a mapping (A list, as in [{name: v, value: '2'}].)",
      ],
    ],
    [
      'a feature gate of kubeadm that changes files',
      {
        '  bundle:': '  bundle: b\n  kubernetes: {clusterConfiguration: {featureGates: {RootlessControlPlane: true}}}',
      },
      ["6:76 kubernetes.clusterConfiguration.featureGates.RootlessControlPlane cannot be 'true' (write false)"],
    ],
    [
      'a number beyond everything',
      { '  bundle:': '  bundle: b\n  repository: {port: 99999999999999999999999}' },
      ['6:22 repository.port must be at most 65535, not 99999999999999999999999'],
    ],
    [
      'a port behind an address',
      { '    - {name: cp1': '    - {name: cp1, address: "10.0.0.11:22", roles: [bootstrap, control-plane]}' },
      ["12:28 hosts[0].address: '10.0.0.11:22' has a port (user and port stand under ssh)"],
    ],
    [
      'a bastion that is none',
      { '  ssh:': '  ssh: {bastion: "ops@jump:99999"}' },
      ["10:18 ssh.bastion: 'ops@jump:99999' is not a bastion ([user@]host[:port], as in ops@jump.example.com)"],
    ],
    [
      'a text without quotes, as it was written',
      {
        '  bundle:': '  bundle: 0x10',
        '    - {name: cp1':
          '    - {name: cp1, address: 10.0.0.11, roles: [bootstrap, control-plane], labels: {a: true, b: 1.0}}',
      },
      [
        "5:11 bundle must be text, not 0x10 (in quotes: '0x10')",
        "12:86 hosts[0].labels.a must be text, not true (in quotes: 'true')",
        "12:95 hosts[0].labels.b must be text, not 1.0 (in quotes: '1.0')",
      ],
    ],
    [
      'a number or a boolean in quotes, or as older YAML had it',
      { '  ssh:': '  ssh: {port: "22", sudo: yes}\n  salt: {enabled: "true"}' },
      [
        "10:15 ssh.port must be a number, not '22' (without quotes: 22)",
        "10:27 ssh.sudo must be true or false, not 'yes' (write true)",
        "11:19 salt.enabled must be true or false, not 'true' (without quotes: true)",
      ],
    ],
    [
      'a host that is only named',
      { '    - {name: cp1': '    - cp1' },
      [
        "12:7 hosts[0] must be a mapping, not 'cp1' (A machine, as in {name: cp1, address: 10.0.0.11, roles: [worker]}.)",
      ],
    ],
    [
      'a list where one word is wanted',
      { '    pods:': '    cni: [calico]' },
      ['8:5 networks.cni must be text, not a list (one of calico, flannel, none)'],
    ],
    [
      'numbers that would not reach Kubernetes as they were written',
      {
        '  ssh:':
          '  kubernetes:\n    kubeletConfiguration: {memorySwap: {a: [1, 9007199254740993]}}\n    kubeProxyConfiguration: {clientConnection: {qps: .nan, burst: 9007199254740991}, oomScoreAdj: 5}',
      },
      [
        '11:48 kubernetes.kubeletConfiguration.memorySwap.a[1]: 9007199254740993 is beyond 9007199254740991, up to which numbers are kept exactly',
        '12:54 kubernetes.kubeProxyConfiguration.clientConnection.qps: .nan is no number for Kubernetes',
      ],
    ],
    [
      'fields that a kubelet or kube-proxy does not have, or cannot read',
      {
        '  ssh:': `  kubernetes:
    kubeletConfiguration:
      maxpods: 50
      maxPods: "50"
      podPidsLimit: .inf
      failSwapOn: no
      clusterDNS: 10.96.0.10
      systemReserved: {cpu: 1, memory: 1Gi}
      syncFrequency: 1 minute
      featureGates: {NodeSwap: "true"}
      nonsense: 1
    kubeProxyConfiguration: {ipTables: {}, mode: null}`,
      },
      [
        "12:7 unknown key 'maxpods' in kubernetes.kubeletConfiguration (did you mean maxPods?)",
        "13:16 kubernetes.kubeletConfiguration.maxPods must be a number, not '50' (without quotes: 50)",
        '14:21 kubernetes.kubeletConfiguration.podPidsLimit must be a number, not .inf',
        "15:19 kubernetes.kubeletConfiguration.failSwapOn must be true or false, not 'no' (write false)",
        "16:19 kubernetes.kubeletConfiguration.clusterDNS must be a list, not '10.96.0.10'",
        "17:29 kubernetes.kubeletConfiguration.systemReserved.cpu must be text, not 1 (in quotes: '1')",
        "18:22 kubernetes.kubeletConfiguration.syncFrequency: '1 minute' is no duration (as in 90s or 1h30m)",
        "19:32 kubernetes.kubeletConfiguration.featureGates.NodeSwap must be true or false, not 'true' (without quotes: true)",
        "20:7 unknown key 'nonsense' in kubernetes.kubeletConfiguration",
        "21:30 unknown key 'ipTables' in kubernetes.kubeProxyConfiguration (did you mean iptables?)",
      ],
    ],
    [
      'what would break the line, or speak to the terminal',
      { 'metadata:': 'metadata: {name: "a\\nb\\e[31m"}' },
      ["3:18 metadata.name: 'a\\x0ab\\x1b[31m' cannot name a cluster (at most 63 of a-z, 0-9 and -, such as prod)"],
    ],
    [
      'what would not be seen, or turn the line around',
      { 'metadata:': 'metadata: {name: "pr\\u200bo\\u202ed"}' },
      [
        "3:18 metadata.name: 'pr\\u{200b}o\\u{202e}d' cannot name a cluster (at most 63 of a-z, 0-9 and -, such as prod)",
      ],
    ],
    [
      'the same in a hint',
      {
        '  ssh:': '  apiServer: {endpoint: "API\\e.example.com"}',
        '    - {name: cp1': '    - {name: cp1, address: "a \\e[31m", roles: [bootstrap, control-plane]}',
      },
      [
        "10:25 apiServer.endpoint: 'API\\x1b.example.com' is not an endpoint (name or address, and a port if it is not 6443, as in api.example.com:6443)",
        "12:28 hosts[0].address: 'a \\x1b[31m' has a blank (write a\\x1b[31m)",
      ],
    ],
    [
      'a long text',
      { 'metadata:': `metadata: {name: ${'x'.repeat(81)}}` },
      [`3:18 metadata.name: '${'x'.repeat(80)}…' cannot name a cluster (at most 63 of a-z, 0-9 and -, such as prod)`],
    ],
  ])('%s is shown where it stands', (_, edits, expected) => {
    expect(linesOf(replaced(edits))).toEqual(expected);
  });

  it('does not hide another one, whatever kind that is of', () => {
    const text = replaced({ '    pods:': '    pods: 10.0.0.0/16', '  bundle:': '  bundle: 3', '  ssh:': '  shh: {}' });

    expect(linesOf(text)).toEqual([
      "5:11 bundle must be text, not 3 (in quotes: '3')",
      '8:11 networks.pods 10.0.0.0/16 overlaps networks.controlPlane 10.0.0.0/24 (choose another)',
      "10:3 unknown key 'shh' in spec (did you mean ssh?)",
      '12:28 10.0.0.11 lies in networks.pods 10.0.0.0/16 (choose other pods)',
    ]);
  });
});

function tenfold(n: number): string {
  return `  a${n}: &a${n} [${Array(10)
    .fill(`*a${n - 1}`)
    .join(', ')}]`;
}

function replaced(edits: Record<string, string>): string {
  let text = good;
  for (const [start, line] of Object.entries(edits)) {
    const next = text.replace(new RegExp(`^${start.replace(/[{}]/g, '\\$&')}.*\n`, 'm'), line && `${line}\n`);
    if (next === text) throw new Error(`no line starts with '${start}'`);
    text = next;
  }
  return text;
}

function linesOf(content: string | Uint8Array): string[] {
  return parseCluster(content, file).findings.map((finding) => formatFinding(finding).replace('cluster.yaml:', ''));
}
