import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../../src/activities/changes/change.js';
import { startKeepalived, type Keepalived } from '../../../src/activities/steps/start-keepalived.js';
import { apply } from '../fake-changes.js';
import { bareHost, hostView } from '../fake-host.js';

const keepalived: Keepalived = {
  cluster: 'prod',
  nodeName: 'cp1',
  router: {
    virtualIP: '10.0.0.100',
    routerId: 51,
    priority: 250,
    address: '10.0.0.11',
    peers: ['10.0.0.12', '10.0.0.13'],
  },
  keepsPeers: false,
  server: 'https://10.0.0.11:6443',
  image: 'temper.internal/keepalived:2.2.7',
};

const rendered = await filesOf(keepalived);

describe('keepalived', () => {
  it.each(rendered)('has $path as an operator would write it', async ({ path, content }) => {
    await expect(content).toMatchFileSnapshot(`../../golden${path}`);
  });

  it('stands on the interface with the control plane address', async () => {
    const { router } = keepalived;

    expect(await configOf({ ...keepalived, router: { ...router, address: '10.0.1.11' } })).toContain(
      'interface eth1\n',
    );
  });

  it('never falls back to multicast, as it does when it has no peer', async () => {
    const { router } = keepalived;

    const config = await configOf({ ...keepalived, router: { ...router, peers: [] } });

    expect(config).toMatch(/unicast_peer \{\s+10\.0\.0\.100\s+\}/);
  });

  it('loses no peer, and stays as it is, while a control plane is left alone', async () => {
    const { router } = keepalived;
    const host = bareHost();
    for (const change of rendered) apply(host, change);
    const planned = async (peers: string[]) => {
      const input = { ...keepalived, router: { ...router, priority: 125, peers }, keepsPeers: true };
      return startKeepalived.plan(input, await startKeepalived.read(hostView(host), input));
    };

    expect(await planned(['10.0.0.13'])).toEqual([]);
    const [config] = await planned(['10.0.0.12', '10.0.0.14']);
    expect(config).toMatchObject({
      content: expect.stringMatching(/priority 125[^]*10\.0\.0\.12\s+10\.0\.0\.13\s+10\.0\.0\.14\s+\}/),
    });
  });

  it('makes another pod when the peers are others', async () => {
    const { router } = keepalived;

    const after = await filesOf({ ...keepalived, router: { ...router, peers: ['10.0.0.12'] } });

    expect(manifestIn(after)).not.toBe(manifestIn(rendered));
  });
});

async function configOf(input: Keepalived): Promise<string> {
  return (await filesOf(input))[0]!.content;
}

function manifestIn(files: FileChange[]): string {
  return files.find(({ path }) => path.includes('/manifests/'))!.content;
}

async function filesOf(input: Keepalived): Promise<FileChange[]> {
  const facts = await startKeepalived.read(hostView(bareHost()), input);
  return startKeepalived.plan(input, facts).filter((change) => change.kind === 'file');
}
