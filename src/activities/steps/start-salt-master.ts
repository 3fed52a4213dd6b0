import { paths } from '../../cluster/paths.js';
import type { saltPorts } from '../../cluster/ports.js';
import type { Change, FileChange } from '../changes/change.js';
import { untilContainerRuns } from '../containers.js';
import { differingFiles, inputsDigest, keptFile, readFiles } from '../kept-files.js';
import { render } from '../render.js';
import { masterKey, readSaltKey } from '../salt.js';
import { manifestPath } from '../static-pod.js';
import { defineStep, type HostView } from '../step.js';

/** salt-master as a static pod, on the control-plane address alone. */
export const startSaltMaster = defineStep({
  title: 'Start the Salt master',
  truth: 'kept',
  read: async ({ facts }, input: SaltMaster) => {
    const wanted = filesOf(input, (await readSaltKey(facts, masterKey)).publicKey);
    return { wanted, present: await readFiles(facts, wanted) };
  },
  plan: (_input, { wanted, present }): Change[] => differingFiles(wanted, present),
  verify: async (host, input) => {
    const { publicKey } = await readSaltKey(host.facts, masterKey);
    await untilContainerRuns(host, 'salt-master', digestOf(input, publicKey));
    await host.until('the Salt master to listen', 60, () => silentPort(host, input));
  },
});

export interface SaltMaster {
  address: string;
  ports: typeof saltPorts;
  image: string;
}

const configPath = `${paths.saltMaster}/master`;
const podPath = manifestPath('temper-salt-master');

function filesOf(input: SaltMaster, publicKey: string | undefined): FileChange[] {
  const manifest = render(podPath, { ...input, inputsSha256: digestOf(input, publicKey) });
  return [configOf(input), keptFile(podPath, manifest, '0600')];
}

/** A master reads its key at its start too. */
function digestOf(input: SaltMaster, publicKey = ''): string {
  return inputsDigest([configOf(input), keptFile(`${masterKey.folder}/master.pub`, publicKey)]);
}

function configOf({ address, ports }: SaltMaster): FileChange {
  return keptFile(configPath, render(configPath, { address, ports }));
}

async function silentPort({ ask }: HostView, { address, ports }: SaltMaster): Promise<string | undefined> {
  for (const port of Object.values(ports)) {
    const { stdout } = await ask('ss -Hltn src "$1"', `${address}:${port}`);
    if (!stdout.trim()) return `nothing listens on ${address}:${port}`;
  }
  return undefined;
}
