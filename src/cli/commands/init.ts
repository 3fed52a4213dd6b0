import type { Command } from 'commander';
import { action, command } from '../command.js';
import { print, printJson } from '../print.js';

const example = `apiVersion: temper/v1alpha1
kind: Cluster
metadata: {name: prod}
spec:
  bundle: ./bundle                  # folder; its version is the Kubernetes version
  networks:
    controlPlane: [10.0.0.0/24]     # the first network that a host has an address in gives its address
  ssh: {user: ops, sudo: true}      # identityFile, knownHosts, port; per host too
  hosts:
    - {name: cp1, address: 10.0.0.11, roles: [bootstrap, control-plane, worker]}`;

export function init(): Command {
  return command('init', {
    description: 'Prints a small cluster.yaml to start from.',
    example: 'temper init > cluster.yaml',
  }).action(
    action(async ({ json }) => {
      if (json) return printJson({ file: `${example}\n` });
      print(example);
    }),
  );
}
