import { paths } from '../../cluster/paths.js';
import type { saltPorts } from '../../cluster/ports.js';
import type { Change, FileChange } from '../changes/change.js';
import { askInside } from '../containers.js';
import { differingFiles, inputsDigest, keptFile, readFiles } from '../kept-files.js';
import { render } from '../render.js';
import { fingerOf, masterKey, minionKey, readSaltKey, type SaltKeyFacts } from '../salt.js';
import { defineStep, type HostTarget, type HostView } from '../step.js';

/** salt-minion as a service, pinned to its master by the master's fingerprint too. */
export const startSaltMinion = defineStep({
  title: 'Start the Salt minion',
  truth: 'kept',
  read: async (host, input: SaltMinion) => {
    const there = await host.elsewhere(input.master.host);
    const [theirs, own, unit] = await Promise.all([
      readSaltKey(there.facts, masterKey),
      readSaltKey(host.facts, minionKey),
      host.facts.unit(unitName),
    ]);
    const wanted = filesOf(input, theirs);
    return { wanted, present: await readFiles(host.facts, wanted), digest: digestOf(wanted, own), unit };
  },
  plan: (_input, { wanted, present, digest, unit }): Change[] => {
    const isRunning = unit.active === 'active' && unit.enabled === 'enabled' && unit.startedWith === digest;
    return [
      ...differingFiles(wanted, present),
      ...(isRunning ? [] : [{ kind: 'unit' as const, name: unitName, inputsDigest: digest }]),
    ];
  },
  verify: async (host, { id, master }) => {
    if (await isConnected(host, master)) return;
    const there = await host.elsewhere(master.host);
    const hint = `on ${host.name}: tail /var/log/salt/minion; on ${master.host.name}: tail /var/log/pods/*_temper-salt-master-*/*/*.log`;
    await host.until('the Salt minion to answer its master', 120, () => ping(there, id), hint);
  },
});

export interface SaltMinion {
  id: string;
  master: { host: HostTarget; address: string; ports: typeof saltPorts };
}

const unitName = 'salt-minion';

function filesOf({ id, master: { address, ports } }: SaltMinion, { publicKey }: SaltKeyFacts): FileChange[] {
  const config = render(paths.saltMinionConfig, { id, address, ports, masterFinger: fingerOf(publicKey) });
  return [
    keptFile(paths.saltMinionConfig, config),
    keptFile(paths.saltMinionDropIn, render(paths.saltMinionDropIn, {})),
  ];
}

/** A minion reads its key at its start too. */
function digestOf(files: FileChange[], { publicKey = '' }: SaltKeyFacts): string {
  return inputsDigest([...files, keptFile(`${minionKey.folder}/minion.pub`, publicKey)]);
}

/**
 * A minion listens to its master only after each has shown the other the key that was expected. This costs next to nothing, a ping more than a
 * second of the master's processor: so that is for a minion which is just being started.
 */
async function isConnected({ ask }: HostView, { address, ports }: SaltMinion['master']): Promise<boolean> {
  const { stdout } = await ask('ss -Htn state established dst "$1"', `${address}:${ports.publish}`);
  return stdout.trim() !== '';
}

async function ping(master: HostView, id: string): Promise<string | undefined> {
  const { stdout, stderr } = await askInside(
    master,
    'salt-master',
    'salt',
    '--out=txt',
    '--timeout=5',
    id,
    'test.ping',
  );
  return stdout.trim() === `${id}: True` ? undefined : stdout.trim() || stderr.trim() || 'no answer';
}
