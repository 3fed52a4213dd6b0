import type { HostView } from './step.js';

/**
 * Gets `path` from a server as seen from the host; undefined when it answers 200, else what went wrong. kubectl asks because it is on every host
 * that Temper prepares, which is not sure of any other HTTP client. `ca`: path of the only CA to believe; left out, the server's certificate is
 * not checked, which only a server on the host's own loopback deserves.
 */
export async function probe(host: HostView, server: string, path: string, ca?: string): Promise<string | undefined> {
  // Over TLS kubectl asks the terminal for a user name unless it has one. Kubernetes and nginx ignore it.
  const { code, stderr } = await host.ask(
    'kubectl --kubeconfig=/dev/null --username=anonymous --request-timeout=5s --server="$1" "$3" get --raw "$2"',
    server,
    path,
    ca ? `--certificate-authority=${ca}` : '--insecure-skip-tls-verify',
  );
  return code === 0 ? undefined : `${server}${path}: ${stderr.trim()}`;
}
