import type { ClusterSpec, HostSpec } from '../../cluster/spec.js';
import { isControlPlane } from '../../cluster/cluster.js';
import type { HostView } from '../step.js';

/**
 * Who has the virtual IP that keepalived is to hold, as seen from the host: the host itself, or the hardware address of who answers; undefined
 * for nobody. Only control planes ask: who is to have it must be on their network.
 */
export async function readVirtualIpHolder(
  { facts, ask }: HostView,
  { apiServer: { virtualIP, keepalived } }: ClusterSpec,
  host: HostSpec,
): Promise<string | undefined> {
  if (!virtualIP || !keepalived) return undefined;
  const { addresses } = await facts.system();
  if (addresses.some(({ address }) => address === virtualIP)) return 'the host itself';
  if (!isControlPlane(host)) return undefined;
  const { stdout } = await ask(askForAddress, virtualIP);
  return stdout.trim() || undefined;
}

/**
 * Sends a packet to nowhere, so that the kernel asks the network for the address, and looks at what it learned. An old answer is asked for again
 * after five seconds; a new one comes at once or not at all.
 */
const askForAddress = `
address=$1 silent=0
bash -c 'echo >"/dev/udp/$0/9"' "$address" 2>/dev/null
for _ in $(seq 100); do
  known=$(ip -4 neigh show to "$address")
  case $known in
    *REACHABLE*) echo "$known" | sed 's/.*lladdr \\([^ ]*\\).*/\\1/'; exit 0 ;;
    *STALE* | *DELAY* | *PROBE*) ;;
    *INCOMPLETE*) silent=$((silent + 1)); [ "$silent" -lt 10 ] || exit 0 ;;
    *) exit 0 ;;
  esac
  sleep 0.1
done
`;
