import type { CommandResult, HostView } from './step.js';

/**
 * Shell functions, by the name of a static pod's container. `running`: ids of those that run, for one that ended may still be listed.
 * `inside`: runs a program in the first of them.
 */
export const containerFunctions = `
running() { # container
  for id in $(ctr -n k8s.io containers ls -q "labels.\\"io.kubernetes.container.name\\"==$1"); do
    if ctr -n k8s.io tasks ls | grep -q "^$id .*RUNNING"; then echo "$id"; fi
  done
}
inside() { # container, program, its arguments
  id=$(running "$1" | head -n 1)
  if [ -z "$id" ]; then
    echo "containerd runs no container of $1" >&2
    return 1
  fi
  shift
  ctr -n k8s.io tasks exec --exec-id "temper-$$-$(date +%N)" "$id" "$@"
}
`;

/** Runs a program that changes nothing inside the running container. */
export function askInside({ ask }: HostView, container: string, ...command: string[]): Promise<CommandResult> {
  return ask(`${containerFunctions}inside "$@"`, container, ...command);
}

export async function isRunning({ ask }: HostView, container: string): Promise<boolean> {
  const { stdout } = await ask(`${containerFunctions}running "$1"`, container);
  return stdout.trim() !== '';
}

/** Waits for a container that was made for the inputs with this digest: its command or its environment names it. */
export function untilContainerRuns({ ask, until }: HostView, container: string, digest: string): Promise<void> {
  return until(`${container} to run with this configuration`, 120, async () => {
    const { code, stderr } = await ask(
      `${containerFunctions}
      for id in $(running "$1"); do ctr -n k8s.io containers info "$id" | grep -q "$2" && exit 0; done
      exit 1`,
      container,
      digest,
    );
    return code === 0 ? undefined : stderr.trim() || 'containerd runs no such container';
  });
}
