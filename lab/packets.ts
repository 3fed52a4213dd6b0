import { runOrThrow } from './command.js';
import { labNamespace } from './network.js';
import type { NetworkName } from './network.js';

/**
 * Counts the packets that hosts send on a network from now on; `match` is an expression of nftables, such as 'udp dport 8472'. Each count is a
 * table of its own on the lab's bridges, out of the hosts' reach.
 */
export async function countPackets(prefix: string, options: CountOptions): Promise<PacketCount> {
  const { network, match, drop = false } = options;
  const namespace = ['ip', 'netns', 'exec', labNamespace(prefix)];
  const { stdout: before } = await runOrThrow([...namespace, 'nft', 'list', 'tables', 'bridge']);
  const table = `count-${before.split('\n').length}`;
  const rules = `table bridge ${table} {
    chain sent {
      type filter hook prerouting priority 0; policy accept
      iifname "${network}-*" ${match} counter ${drop ? 'drop' : ''}
    }
  }`;
  await runOrThrow([...namespace, 'nft', '-f', '-'], { input: `${rules}\n` });
  return {
    async packets() {
      const { stdout } = await runOrThrow([...namespace, 'nft', 'list', 'table', 'bridge', table]);
      return Number(stdout.match(/counter packets (\d+)/)![1]);
    },
  };
}

export interface CountOptions {
  network: NetworkName;
  match: string;
  /** Count and lose them. Default: count and let pass. */
  drop?: boolean;
}

export interface PacketCount {
  packets(): Promise<number>;
}
