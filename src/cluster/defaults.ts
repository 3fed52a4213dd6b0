/** What stands in a spec where the user wrote nothing. */
export const defaults = {
  pods: '10.233.0.0/16',
  services: '10.96.0.0/12',
  repositoryPort: 8443,
  sshUser: 'root',
  sshPort: 22,
  knownHosts: '~/.ssh/known_hosts',
  /** As many as sshd's MaxStartups lets knock at a bastion at once. */
  hostsAtOnce: 10,
} as const;
