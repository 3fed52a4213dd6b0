import { masked } from '../cluster/masked.js';
import type { HostView } from './step.js';

/** What the host itself says, for the person who is asked about a failed step: units, journal, pods' logs. Without secrets. */
export async function collectEvidence(view: HostView): Promise<string> {
  const { stdout } = await view.ask(script);
  return masked(stdout).slice(0, longest);
}

const longest = 24 * 1024;

/** What failed first, then what is likely: the two units, the containers, and the newest log of each control plane pod. */
const script = `
exec 2>&1
title() { printf '\\n== %s\\n' "$1"; }
title 'failed units'; systemctl --no-pager --plain --no-legend --failed
for unit in containerd kubelet; do
  systemctl --quiet is-active "$unit" && lines=8 || lines=30
  title "$unit"; systemctl show -p ActiveState -p SubState -p Result "$unit"
  journalctl --no-pager -o cat -n "$lines" -u "$unit" | cut -c1-300
done
if command -v ctr >/dev/null; then title containers; timeout 5 ctr -n k8s.io tasks ls; fi
for folder in /var/log/pods/*/*; do
  log=$(ls -1t "$folder" 2>/dev/null | head -n 1)
  [ -z "$log" ] || { title "$folder/$log"; tail -n 8 "$folder/$log" | cut -c1-300; }
done
title disks; df -Ph / /var/lib
exit 0
`;
