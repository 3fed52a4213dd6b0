import { readFile, readdir } from 'node:fs/promises';

/** Collects the arguments of every process of this machine, those of the lab's hosts too, until it is stopped. */
export function watchArguments(): { stop(): Promise<string> } {
  const seen = new Set<string>();
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      for (const line of await Promise.all(processes.map(argumentsOf))) seen.add(line);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await watching;
      return [...seen].join('\n');
    },
  };
}

/** A process may end between the look at /proc and this one. */
async function argumentsOf(id: string): Promise<string> {
  return readFile(`/proc/${id}/cmdline`, 'latin1').catch(() => '');
}
