import { paths } from '../../cluster/paths.js';
import type { Change, FileChange } from '../changes/change.js';
import { differingFiles, inputsDigest, keptFile, readFiles, type FileFacts } from '../kept-files.js';
import { render } from '../render.js';
import { defineStep, type HostView } from '../step.js';

/** containerd reads its configuration at start and certs.d at each pull. */
export const configureContainerd = defineStep({
  title: 'Configure containerd',
  truth: 'kept',
  read: async ({ facts }, input: ContainerdInput) => ({
    files: await readFiles(facts, [...configuration(input), ...registryFiles(input)]),
    userFile: await facts.file(userPath),
    catchAll: await readFiles(facts, [catchAll(input)]),
    unit: await facts.unit('containerd'),
  }),
  plan: (input, { files, userFile, catchAll: found, unit }): Change[] => {
    const digest = inputsDigest(configuration(input));
    const isRunning =
      ['active', 'activating'].includes(unit.active) && unit.enabled === 'enabled' && unit.startedWith === digest;
    return [
      ...differingFiles([...configuration(input), ...registryFiles(input)], files),
      ...(userFile && !input.userConfig ? [{ kind: 'absent' as const, path: userPath }] : []),
      ...(isLeftBehind(input, found) ? [{ kind: 'absent' as const, path: catchAll(input).path }] : []),
      ...(isRunning ? [] : [{ kind: 'unit' as const, name: 'containerd', inputsDigest: digest }]),
    ];
  },
  verify: (host) => host.until('containerd to serve the kubelet', 30, () => criTrouble(host)),
});

export interface ContainerdInput {
  /** Full name of the sandbox image. */
  pause: string;
  /** The user's TOML; '' for none. */
  userConfig: string;
  /** Registries that our own one stands for. */
  registries: string[];
  /** URL of our own registry. */
  server: string;
}

const userPath = `${paths.containerd}/conf.d/90-user.toml`;

function configuration({ pause, userConfig }: ContainerdInput): FileChange[] {
  const path = `${paths.containerd}/config.toml`;
  return [keptFile(path, render(path, { pause })), ...(userConfig ? [keptFile(userPath, userConfig)] : [])];
}

function registryFiles({ registries, server }: ContainerdInput): FileChange[] {
  const folder = `${paths.containerd}/certs.d`;
  const content = render(`${folder}/hosts.toml`, { server, ca: `${paths.temperPki}/ca.crt` });
  return registries.map((registry) => keptFile(`${folder}/${registry}/hosts.toml`, content));
}

/** What `images.onlyBundle: true` writes, which keeps every other registry away. */
function catchAll(input: ContainerdInput): FileChange {
  return registryFiles({ ...input, registries: ['_default'] })[0]!;
}

/** Only our own: a person's file differs. */
function isLeftBehind(input: ContainerdInput, found: FileFacts): boolean {
  return !input.registries.includes('_default') && differingFiles([catchAll(input)], found).length === 0;
}

/** containerd runs on without the part that the kubelet needs when that cannot start, and does not try again by itself. */
async function criTrouble(host: HostView): Promise<string | undefined> {
  const { code, stdout, stderr } = await host.ask('ctr plugins ls --detailed id==cri');
  if (code !== 0) return stderr.trim();
  const [, trouble] = /^Error:[^]*?Message: *(.*)/m.exec(stdout) ?? [];
  return trouble && `${trouble} (when that is mended: systemctl restart containerd)`;
}
