import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildBundleFromSource } from '../../bundle/from-source/build.js';
import { projectFolder } from '../../bundle/project-folder.js';
import { clusterYaml } from '../../lab/cluster-yaml.js';
import type { ClusterYamlOptions } from '../../lab/cluster-yaml.js';
import type { HostOptions, Lab } from '../../lab/lab.js';
import { startLab } from '../../lab/start-lab.js';

/** A lab, a cluster.yaml for it, and the real `temper` with a state folder (Temporal server, worker) of its own. */
export class Fixture {
  readonly lab: Lab;
  readonly bundle: string;
  /** Everything of this fixture outside of the lab: cluster.yaml, Temporal's database, the worker's log. */
  readonly folder: string;

  /** Of the cluster.yaml; a test may change them and `writeSpec` again. */
  readonly cluster: Pick<ClusterYamlOptions, 'roles' | 'spec'>;

  constructor(lab: Lab, bundle: string, folder: string, cluster: Fixture['cluster']) {
    this.lab = lab;
    this.bundle = bundle;
    this.folder = folder;
    this.cluster = cluster;
  }

  get stateFolder(): string {
    return join(this.folder, 'state');
  }

  get spec(): string {
    return join(this.folder, 'cluster.yaml');
  }

  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, TEMPER_STATE: this.stateFolder, TEMPORAL_ADDRESS: undefined, NO_COLOR: '1' };
  }

  /** Runs the command to its end. Never throws for an exit code. */
  async temper(...args: string[]): Promise<Ended> {
    return ended(this.startTemper(...args));
  }

  /** Starts the command and returns at once, for tests that end it from outside. */
  startTemper(...args: string[]): ChildProcess {
    const program = join(projectFolder, 'dist/src/cli/main.js');
    return spawn(process.execPath, [program, ...args], { env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Whether the step is done on one host at least, in the run that began last. */
  async isDone(step: string): Promise<boolean> {
    const { stdout } = await this.temper('status', this.spec, '--json');
    // Before the run has begun there is only an error to tell.
    const { hosts = [] } = JSON.parse(stdout) as { hosts?: { steps: { step: string; status: string }[] }[] };
    return hosts.some(({ steps }) => steps.some((one) => one.step === step && one.status === 'done'));
  }

  /** kill -9. Returns false when it was not running at that moment. */
  async kill(name: 'worker' | 'server'): Promise<boolean> {
    const text = await readFile(join(this.stateFolder, `${name}.json`), 'utf8').catch(() => undefined);
    if (!text) return false;
    try {
      process.kill((JSON.parse(text) as { pid: number }).pid, 'SIGKILL');
      return true;
    } catch {
      return false;
    }
  }

  async kubectl(...args: string[]): Promise<string> {
    return this.kubectlOn('cp1', ...args);
  }

  /** On a control plane, by its own admin.conf. */
  async kubectlOn(host: string, ...args: string[]): Promise<string> {
    return this.lab.execOrThrow(host, ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', ...args]);
  }

  /** With `input` on standard input. */
  async kubectlWith(input: string, ...args: string[]): Promise<string> {
    return this.lab.execOrThrow('cp1', ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', ...args], { input });
  }

  async writeSpec(change: (text: string) => string = (text) => text): Promise<void> {
    await writeFile(this.spec, change(clusterYaml(this.lab, { bundle: this.bundle, ...this.cluster })));
  }

  async end(): Promise<void> {
    await this.temper('down');
    await this.lab.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Prefixes are told apart by process, so that two runs of the tests do not meet. */
export async function startFixture(name: string, options: FixtureOptions = {}): Promise<Fixture> {
  const { hosts = [{ name: 'cp1' }], bundle = await buildBundleFromSource(() => {}), roles, spec } = options;
  const lab = await startLab({ prefix: `${name}-${process.pid}`, hosts });
  const fixture = new Fixture(lab, bundle, await mkdtemp(join(tmpdir(), `temper-${name}-`)), {
    roles,
    // Of use in few tests, and minions of many hosts would take the machine's two processors from all of them.
    spec: { salt: { enabled: false }, ...spec },
  });
  await fixture.writeSpec();
  return fixture;
}

export interface FixtureOptions {
  /** Default: cp1, which is all of the cluster. */
  hosts?: HostOptions[];
  /** Its folder. Default: the one from source. */
  bundle?: string;
  /** By host name. A host of the lab without roles is no part of the cluster. */
  roles?: Record<string, string[]>;
  /** Whole sections of `spec`. Default: without salt. */
  spec?: Record<string, unknown>;
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}
