import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { projectFolder } from '../bundle/project-folder.js';
import { labCgroup, makeCgroups } from './cgroups.js';
import { balancer, cablesOf, dial, hostNamespace, plugIn } from './network.js';

/** On the control plane. */
export const balancerAddress = cablesOf(201, ['control'])[0]!.address;

/** Puts a TCP proxy, which is no host and knows nothing of Kubernetes, in front of `backends`. It ends with the lab. */
export async function startLoadBalancer(prefix: string, port: number, backends: string[]): Promise<void> {
  await plugIn(prefix, balancer, cablesOf(201, ['control']));
  const program = join(projectFolder, 'dist/lab/tcp-proxy.js');
  const argv = ['netns', 'exec', hostNamespace(prefix, balancer), process.execPath, program, String(port), ...backends];
  const proxy = spawn('ip', argv, { detached: true, stdio: 'ignore' });
  await once(proxy, 'spawn');
  // What is in a control group of the lab is found and ended when the lab is.
  for (const folder of await makeCgroups(join(labCgroup(prefix), balancer)))
    await writeFile(join(folder, 'cgroup.procs'), String(proxy.pid));
  while ((await dial(hostNamespace(prefix, balancer), balancerAddress, port)) === 'refused') {
    if (proxy.exitCode !== null) throw new Error(`${program} ended with ${proxy.exitCode}: npm run build makes it`);
    await setTimeout(50);
  }
  proxy.unref();
}
