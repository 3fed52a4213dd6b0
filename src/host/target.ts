/** How to reach a host. Names and paths only, no secret: it travels in activity inputs. Paths are the worker's. */
export interface HostTarget {
  name: string;
  address: string;
  port: number;
  user: string;
  /** Absolute path of a private key without a passphrase; without it the SSH agent is asked. */
  identityFile?: string;
  /** Absolute path. */
  knownHosts: string;
  sudo: boolean;
  /** `[user@]host[:port]` to jump through. */
  bastion?: string;
  /** Command whose standard input and output are the connection, with %h, %p and %r as in ssh_config(5). */
  proxyCommand?: string;
}
