import { paths } from '../../cluster/paths.js';
import type { Change } from '../changes/change.js';
import { isRunning } from '../containers.js';
import { manifestPath } from '../static-pod.js';
import { defineStep } from '../step.js';

/** For who leaves salt out of a cluster that had it: nothing of it runs any more. Package, keys and the firewall's openings stay. */
export const stopSalt = defineStep({
  title: 'Stop Salt',
  truth: 'kept',
  read: async ({ facts }, _input: object) => {
    const [config, dropIn, pod] = await Promise.all(
      [paths.saltMinionConfig, paths.saltMinionDropIn, podPath].map((path) => facts.file(path)),
    );
    return { config, dropIn, pod };
  },
  plan: (_input, { config, dropIn, pod }): Change[] => [
    // The configuration last: by it a minion is known to be Temper's.
    ...(config ? [stopMinion] : []),
    ...(dropIn ? [{ kind: 'absent', path: paths.saltMinionDropIn } as const] : []),
    ...(config ? [{ kind: 'absent', path: paths.saltMinionConfig } as const] : []),
    ...(pod ? [{ kind: 'absent', path: podPath } as const] : []),
  ],
  verify: (host) =>
    host.until('the Salt master to end', 60, async () =>
      (await isRunning(host, 'salt-master')) ? 'its container still runs' : undefined,
    ),
});

const podPath = manifestPath('temper-salt-master');

const stopMinion: Change = {
  kind: 'command',
  title: 'Stop the Salt minion, and keep it from starting',
  script: 'systemctl --quiet disable --now salt-minion',
  done: '! systemctl --quiet is-enabled salt-minion && ! systemctl --quiet is-active salt-minion',
};
