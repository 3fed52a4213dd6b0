import { execFileSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Lab } from '../../lab/lab.js';
import { startLab } from '../../lab/start-lab.js';
import { openings } from '../../src/activities/changes/openings.js';
import type { Writer } from '../../src/activities/changes/writer.js';
import { viewOf } from '../../src/activities/view.js';
import { openDoor } from '../../src/host/door.js';
import type { Door } from '../../src/host/door.js';
import { Doors } from '../../src/host/doors.js';
import { FencedDoor } from '../../src/host/fenced.js';
import type { FenceToken } from '../../src/host/fenced.js';
import { runLongCommand } from '../../src/host/long-command.js';
import type { LongCommand } from '../../src/host/long-command.js';
import type { HostTarget } from '../../src/host/target.js';

let lab: Lab;
let folder: string;
let target: HostTarget;
const doors: Doors[] = [];

beforeAll(async () => {
  lab = await startLab({ prefix: `door-${process.pid}`, hosts: [{ name: 'h1' }] });
  folder = await mkdtemp(join(tmpdir(), 'temper-door-'));
  target = {
    name: 'h1',
    address: lab.host('h1').address,
    port: 22,
    user: 'ops',
    identityFile: lab.identityFile,
    knownHosts: lab.knownHosts,
    sudo: true,
    proxyCommand: lab.sshProxyCommand,
  };
});
afterEach(() => doors.splice(0).forEach((each) => each.close()));
afterAll(() => lab?.stop());

describe('the door', () => {
  it('runs scripts as root by sh, with arguments and standard input, and gives back all that they say', async () => {
    const door = await knock();

    const said = await door.run('id -u; printf "%s\\n" "$2"; cat; echo bad >&2; exit 3', {
      args: ['', `it's "$HOME"`],
      stdin: 'ünï',
    });
    const killed = await door.run('kill -9 $$');
    const large = await door.run('head -c 5000000 /dev/zero', { root: false });

    expect(said).toEqual({ code: 3, stdout: `0\nit's "$HOME"\nünï`, stderr: 'bad\n' });
    expect(killed.code).toBe(128 + 9);
    expect(large.stdout).toHaveLength(5_000_000);
  });

  it('lets more commands wait than sshd allows at once', async () => {
    const door = await knock();

    const results = await Promise.all(Array.from({ length: 40 }, (_, i) => door.run(`sleep 0.2; echo ${i}`)));

    expect(results.map(({ stdout }) => Number(stdout))).toEqual(results.map((_, i) => i));
  });

  it('goes through a bastion', async () => {
    const jump = { ...target, proxyCommand: undefined, bastion: `ops@${target.address}:22` };
    const script = `
      const { openDoor } = await import('./src/host/door.ts');
      const door = await openDoor(${JSON.stringify(jump)});
      console.log((await door.run('hostname; echo $SSH_CONNECTION', { root: false })).stdout);
      door.close();`;
    const words = [
      'netns',
      'exec',
      `temper-${lab.state.prefix}`,
      process.execPath,
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      script,
    ];

    // Nothing outside of the lab's own network namespace can dial a bastion there.
    const said = execFileSync('ip', words).toString();

    expect(said).toContain(`h1\n${target.address} `);
  });

  it('gives up a command that is called off', async () => {
    const door = await knock();
    const off = new AbortController();
    const running = door.run('sleep 5', { signal: off.signal });

    setTimeout(() => off.abort(new Error('called off')), 300);

    await expect(running).rejects.toThrow('called off');
    expect((await door.run('echo still here')).stdout).toBe('still here\n');
  });

  const refusals: {
    title: string;
    but: () => Promise<Partial<HostTarget>>;
    code: string;
    message: RegExp;
    hint: RegExp;
  }[] = [
    {
      title: 'a key that the server does not have',
      but: async () => ({ identityFile: key('other') }),
      code: 'SSH_AUTH_FAILED',
      message: /^h1 \(10\.77\.0\.11\): the server refused \/.*other for user ops$/,
      hint: /^ssh-copy-id -i/,
    },
    {
      title: 'a missing key file',
      but: async () => ({ identityFile: '/nowhere/key' }),
      code: 'SSH_KEY_UNREADABLE',
      message: /\/nowhere\/key: ENOENT$/,
      hint: /^ls -l/,
    },
    {
      title: 'a file that is no key',
      but: async () => ({ identityFile: await knownHostsWith('no key') }),
      code: 'SSH_KEY_UNREADABLE',
      message: /known_hosts-\S+: it is not a private key$/,
      hint: /^ssh-keygen -y -f /,
    },
    {
      title: 'a key with a passphrase',
      but: async () => ({ identityFile: key('locked', 'a passphrase') }),
      code: 'SSH_KEY_UNREADABLE',
      message: /locked: it has a passphrase$/,
      hint: /ssh-add/,
    },
    {
      title: 'a host that known_hosts does not have',
      but: async () => ({ knownHosts: join(folder, 'nobody') }),
      code: 'SSH_HOST_KEY_UNKNOWN',
      message: /shows the ssh-ed25519 key SHA256:\S+, and .*nobody does not have this host$/,
      hint: /then: ssh -o UserKnownHostsFile=.* ops@10\.77\.0\.11 true$/,
    },
    {
      title: 'a host that has another key now',
      but: async () => ({ knownHosts: await knownHostsWith(`${target.address} ${publicKey('another-host')}`) }),
      code: 'SSH_HOST_KEY_CHANGED',
      message: /shows the ssh-ed25519 key SHA256:\S+, but .* has another one for this host$/,
      hint: /ssh-keygen -R 10\.77\.0\.11 -f /,
    },
    {
      title: 'a user who is not root',
      but: async () => ({ sudo: false }),
      code: 'SUDO_PASSWORD_NEEDED',
      message: /^h1: ops is not root$/,
      hint: /ssh\.sudo: true/,
    },
    {
      title: 'a port where nothing listens',
      but: async () => ({
        port: 2222,
        knownHosts: await knownHostsWith(`[${target.address}]:2222 ${publicKey('any')}`),
      }),
      code: 'SSH_UNREACHABLE',
      message: /^h1 \(10\.77\.0\.11:2222\): the proxy command ended with 1: /,
      hint: /^ssh -p 2222/,
    },
    {
      title: 'a name that DNS does not know',
      but: async () => ({ address: 'nobody.invalid', proxyCommand: undefined }),
      code: 'SSH_UNREACHABLE',
      message: /DNS/,
      hint: /./,
    },
  ];

  it.each(refusals)('names $title', async ({ but, code, message, hint }) => {
    const opening = openDoor({ ...target, ...(await but()) });

    await expect(opening).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it('names a sudo that asks for a password', async () => {
    await lab.execOrThrow('h1', 'useradd --create-home asker; cp -r ~ops/.ssh ~asker/; chown -R asker ~asker/.ssh');

    await expect(openDoor({ ...target, user: 'asker' })).rejects.toMatchObject({
      code: 'SUDO_PASSWORD_NEEDED',
      message: expect.stringMatching(/^h1: sudo -n does not work for asker: /),
    });
  });

  it('writes a new host down when it is told to', async () => {
    const accepting = { ...target, knownHosts: join(folder, 'accepted') };

    (await openDoor(accepting, { acceptNew: true })).close();

    (await openDoor(accepting)).close();
  });

  it('notices a cut network within twenty seconds, and the next command finds a new connection', async () => {
    const own = use(new Doors());
    const door = await own.to(target);
    const running = door.run('sleep 60');
    const begun = Date.now();

    await lab.networkCut('h1');
    await expect(running).rejects.toMatchObject({ code: 'SSH_UNREACHABLE' });
    const took = Date.now() - begun;
    await lab.networkMend('h1');

    expect(took).toBeLessThan(20_000);
    expect((await (await own.to(target)).run('echo back')).stdout).toBe('back\n');
  });
});

describe('a long command', () => {
  const counting = (seconds: number): LongCommand => ({
    id: 'count',
    title: 'Count',
    script: `echo begun >>"$1"; for i in $(seq ${seconds}); do echo "line $i"; sleep 1; done; touch "$1.done"`,
    args: [`/root/count-${Math.random()}`],
    done: 'test -e "$1.done"',
  });

  it('shows its lines while it runs, and is not run when it has been done', async () => {
    const command = counting(3);
    const lines: string[] = [];

    await runLongCommand(await fenced({}), command, { onLine: (line) => lines.push(line) });
    await runLongCommand(await fenced({ attempt: 2 }), command);

    expect(lines).toEqual(['line 1', 'line 2', 'line 3']);
    expect(await starts(command)).toBe(1);
  });

  it('fails with what it said, and starts anew for the next attempt', async () => {
    const command = { ...counting(0), script: 'echo begun >>"$1"; echo "no space left"; exit 7' };

    for (const attempt of [1, 2]) {
      await expect(runLongCommand(await fenced({ attempt }), command)).rejects.toMatchObject({
        code: 'COMMAND_FAILED',
        message: 'h1: Count ended with 7: no space left',
      });
    }

    expect(await starts(command)).toBe(2);
  });

  it('survives the connection, and the next attempt attaches to it', async () => {
    const command = counting(24);
    const first = runLongCommand(await fenced({}), command);
    const failing = expect(first).rejects.toMatchObject({ code: 'SSH_UNREACHABLE' });

    await sleep(2000);
    await lab.networkCut('h1');
    await failing;
    await lab.networkMend('h1');
    await runLongCommand(await fenced({ attempt: 2 }), command);

    expect(await starts(command)).toBe(1);
  });

  it('that ended while nobody looked is not run again by the same gate attempt', async () => {
    const command = { ...counting(1), done: 'false' };
    const own = await knock();
    const first = runLongCommand(new FencedDoor(own, token({})), command);
    const failing = expect(first).rejects.toMatchObject({ code: 'SSH_UNREACHABLE' });
    await sleep(600);
    own.close();
    await failing;
    await sleep(2000);

    await runLongCommand(await fenced({ attempt: 2 }), command);

    expect(await starts(command)).toBe(1);
  });

  it('of another run is waited for, and then the host says what is left to do', async () => {
    const command = counting(4);
    const before = runLongCommand(await fenced({}), command).catch((error: unknown) => error);
    await sleep(1500);

    await runLongCommand(await fenced({ runId: `run-${generation + 1}`, generation: generation + 1 }), command);
    generation += 1;

    expect(await starts(command)).toBe(1);
    expect(await before).toMatchObject({ code: 'HOST_FENCED' });
  });

  it('is started anew after a power cut', async () => {
    const command = counting(5);
    const first = runLongCommand(await fenced({}), command);
    const failing = expect(first).rejects.toMatchObject({ code: 'SSH_UNREACHABLE' });
    await sleep(2500);

    await lab.powerCut('h1');
    await failing;
    await lab.powerOn('h1');
    await runLongCommand(await fenced({ attempt: 2 }), command);

    expect(await starts(command)).toBe(2);
  });
});

describe('openings of the firewall', () => {
  const richRule = (port: number, verdict: string) =>
    `rule family="ipv4" port port="${port}" protocol="tcp" ${verdict}`;
  const opening = (...richRules: string[]) => ({
    kind: 'openings' as const,
    richRules,
    trustedSources: ['10.233.0.0/16'],
  });

  it('hold now and for good, and nothing waits to take them back', async () => {
    const writer = await writing();

    for (let times = 0; times < 2; times++) await openings.apply(writer, [opening(richRule(6443, 'accept'))]);

    const { runtime, permanent } = await (await viewOf(target, use(new Doors()))).facts.firewall();
    expect(runtime).toEqual({ richRules: [richRule(6443, 'accept')], trustedSources: ['10.233.0.0/16'] });
    expect(permanent).toEqual(runtime);
    expect(await lab.execOrThrow('h1', 'systemctl list-units --all --plain --no-legend "temper-openings*"')).toBe('');
  });

  it('that lock SSH out are taken back after a minute', async () => {
    const writer = await writing();

    await expect(openings.apply(writer, [opening(richRule(22, 'reject'))])).rejects.toMatchObject({
      code: 'SSH_UNREACHABLE',
    });
    await sleep(65_000);

    const { runtime, permanent } = await (await viewOf(target, use(new Doors()))).facts.firewall();
    expect(runtime.richRules).toEqual([richRule(6443, 'accept')]);
    expect(permanent).toEqual(runtime);
  });

  it('that would trust the network of the SSH client are refused', async () => {
    const change = { kind: 'openings' as const, richRules: [], trustedSources: ['10.77.0.0/16'] };

    await expect(openings.apply(await writing(), [change])).rejects.toThrow(/10\.77\.0\.0\/16 would become trusted/);
  });
});

let generation = 1;
let testNumber = 0;
beforeEach(() => void (testNumber += 1));

function token(but: Partial<FenceToken>): FenceToken {
  const standing = { cluster: 'door', runId: `run-${generation}`, generation, who: 'test' };
  return { ...standing, step: `step-${testNumber}`, gateAttempt: 1, attempt: 1, ...but };
}

async function fenced(but: Partial<FenceToken>): Promise<FencedDoor> {
  return new FencedDoor(await knock(), token(but));
}

function use(own: Doors): Doors {
  doors.push(own);
  return own;
}

function knock(): Promise<Door> {
  return use(new Doors()).to(target);
}

/** How often the command was begun. */
async function starts({ args }: LongCommand): Promise<number> {
  return Number(await lab.execOrThrow('h1', `wc -l <${args![0]}`));
}

async function writing(): Promise<Writer> {
  const own = use(new Doors());
  const door = await own.to(target);
  const fencedDoor = new FencedDoor(door, token({}));
  const unused = () => Promise.reject(new Error('not in this test'));
  return {
    host: 'h1',
    ask: (script, options) => door.run(script, options),
    write: (what, script, options) => fencedDoor.write(what, script, options),
    until: unused,
    long: unused,
    elsewhere: unused,
    knock: async () => (await own.fresh(target)).close(),
  };
}

function key(name: string, passphrase = ''): string {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file]);
  return file;
}

function publicKey(name: string): string {
  return execFileSync('ssh-keygen', ['-y', '-f', key(name)])
    .toString()
    .trim();
}

async function knownHostsWith(line: string): Promise<string> {
  const file = join(folder, `known_hosts-${Math.random()}`);
  await writeFile(file, `${line}\n`);
  return file;
}
