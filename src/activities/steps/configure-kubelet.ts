import { goYaml } from '../../cluster/kubeadm/go-yaml.js';
import { paths } from '../../cluster/paths.js';
import type { Change, FileChange } from '../changes/change.js';
import type { FactReaders } from '../facts/facts.js';
import { differingFiles, inputsDigest, keptFile, readFiles } from '../kept-files.js';
import { probe } from '../probe.js';
import { defineStep, type HostView } from '../step.js';
import { untilRegistered } from './wait-for-registration.js';

/**
 * Turns the standalone kubelet into the node's: kubeadm's three files instead of Temper's two, and a restart. The files are the user's once they
 * are there; the static pods go on running.
 */
export const configureKubelet = defineStep({
  title: 'Configure the kubelet',
  truth: "the user's",
  read: ({ facts }, input: KubeletFiles) => readKubelet(facts, input),
  plan: kubeletChanges,
  drift: kubeletDrift,
  verify: async (host, { nodeName }) => {
    await host.until(
      'the kubelet to be healthy',
      240,
      () => probe(host, 'http://127.0.0.1:10248', '/healthz'),
      madeAnewHint,
    );
    await untilRegistered(host, nodeName);
    await host.until('the kubelet to store its client certificate', 60, () => askCertificate(host));
  },
});

export async function readKubelet(facts: FactReaders, input: KubeletFiles) {
  const [files, standalone, kubelet] = await Promise.all([
    readFiles(facts, kubeletFiles(input)),
    readFiles(facts, standaloneFiles),
    facts.unit('kubelet'),
  ]);
  return { files, standalone, kubelet };
}

/** kubeadm's files where they are missing, Temper's own away, and the kubelet running with them. */
export function kubeletChanges(
  input: KubeletFiles,
  { files, standalone, kubelet }: Awaited<ReturnType<typeof readKubelet>>,
): Change[] {
  const isConfigured =
    kubeletFiles(input).every(({ path }) => files[path]) &&
    [configuredDigest, finalizedDigest].includes(kubelet.startedWith ?? '');
  const runs = ['active', 'activating'].includes(kubelet.active) && kubelet.enabled === 'enabled';
  const inputsDigest = isConfigured ? kubelet.startedWith! : configuredDigest;
  return [
    ...kubeletFiles(input).filter(({ path }) => !files[path]),
    // On a bare host too, where startStandaloneKubelet has yet to write them: the plan names all that will happen.
    ...standaloneFiles
      .filter(({ path }) => standalone[path] || (input.wasStandalone && !isConfigured))
      .map(({ path }) => ({ kind: 'absent', path }) as const),
    ...(isConfigured && runs ? [] : [{ kind: 'unit', name: 'kubelet', inputsDigest } as const]),
  ];
}

export function kubeletDrift(input: KubeletFiles, { files }: Awaited<ReturnType<typeof readKubelet>>): Change[] {
  return differingFiles(
    kubeletFiles(input).filter(({ path }) => files[path]),
    files,
  );
}

export interface KubeletFiles {
  configuration: Record<string, unknown>;
  instanceText: string;
  flagsText: string;
  nodeName: string;
  /** The host runs, or will have run, a kubelet without an API server before this one. */
  wasStandalone: boolean;
}

/** When the kubelet does not start: its files are the user's by then, so cluster.yaml alone mends nothing. */
export const madeAnewHint = `mend ${paths.kubelet}/config.yaml; or correct cluster.yaml, rm ${paths.kubelet}/config.yaml on the host, temper abort, temper bootstrap`;

/** Where the kubelet keeps the client certificate that it renews by itself. */
export const clientCertificate = `${paths.kubelet}/pki/kubelet-client-current.pem`;

const fileNames = ['kubeadm-flags.env', 'instance-config.yaml', 'config.yaml'];

/**
 * What the kubelet was started with, before and after `finalizeKubelet`. Made of the names alone: what is in the files is the user's, so neither
 * an edit there nor one in cluster.yaml restarts anything.
 */
export const configuredDigest = inputsDigest(fileNames.map((name) => keptFile(`${paths.kubelet}/${name}`, '')));
export const finalizedDigest = inputsDigest([keptFile(`${paths.kubernetes}/kubelet.conf`, clientCertificate)]);

function kubeletFiles({ configuration, instanceText, flagsText }: KubeletFiles): FileChange[] {
  const texts = [flagsText, instanceText, goYaml(configuration)];
  return fileNames.map((name, i) => keptFile(`${paths.kubelet}/${name}`, texts[i]!));
}

/** The drop-in first: without it the unit no longer asks for the other. */
const standaloneFiles = [{ path: paths.standaloneKubeletDropIn }, { path: paths.standaloneKubeletConfig }];

async function askCertificate({ ask }: HostView): Promise<string | undefined> {
  const { code } = await ask('test -e "$1"', clientCertificate);
  return code === 0 ? undefined : `${clientCertificate} is missing`;
}
