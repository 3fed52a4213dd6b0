import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { parse } from 'yaml';
import { z } from 'zod';
import { buildBundle } from '../../../bundle/build.js';
import { packageImageOf, packageImages } from '../../../bundle/package-image.js';
import { verifyBundle } from '../../../bundle/verify.js';
import { TemperError } from '../../cluster/errors.js';
import { action, command } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { note, print, printJson } from '../print.js';

export function bundle(): Command {
  return new Command('bundle').description('Makes and checks bundles.').addCommand(build()).addCommand(verify());
}

const orderSchema = z.strictObject({
  kubernetesVersion: z.string().regex(/^v\d+\.\d+\.\d+$/, 'must be an exact version such as v1.36.3'),
  sources: z.string(),
  packages: z.array(z.string()).min(1),
  rpm: z.strictObject({ repositories: z.string(), packages: z.array(z.string()).min(1) }).optional(),
  manifests: z.partialRecord(z.enum(['calico', 'flannel']), z.string()).default({}),
  images: z.array(z.string()).min(1),
  packageImages: z
    .array(
      z
        .string()
        .refine((wanted) => packageImageOf(wanted), `must begin with ${Object.keys(packageImages).join(' or ')}`),
    )
    .default([]),
});

function build(): Command {
  return command('build', {
    description:
      "Makes a bundle from upstream's image registries and package repositories; needs skopeo, apt and dpkg-dev, for packageImages also root and umoci, for rpm also root, dnf, rpm and createrepo-c.",
    example: `temper bundle build order.yaml ./bundle, where order.yaml holds
  kubernetesVersion: v1.36.3
  sources: |                      # as in apt's sources.list
    deb [signed-by=/etc/apt/keyrings/kubernetes.asc] https://packages.example.com/kubernetes/v1.36/deb/ /
    deb [signed-by=/etc/apt/keyrings/docker.asc] https://packages.example.com/containerd bookworm stable
    deb [signed-by=/etc/apt/keyrings/salt.asc] https://packages.example.com/salt/deb stable main
    deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] https://mirror.example.com/debian bookworm main
  packages: [kubelet=1.36.3-*, kubeadm=1.36.3-*, kubectl=1.36.3-*, containerd.io, salt-minion=3008.2]
  rpm:                            # left out: a bundle for Debian and Ubuntu alone
    repositories: |               # as in the .repo files of yum.repos.d
      [kubernetes]
      baseurl=https://packages.example.com/kubernetes/v1.36/rpm/
      gpgkey=file:///etc/pki/rpm-gpg/kubernetes.asc
    packages: [kubelet=1.36.3-*, kubeadm=1.36.3-*, kubectl=1.36.3-*, containerd.io, salt-minion=3008.2-*]
  manifests: {calico: ./calico.yaml}
  images: [docker.io/library/nginx:1.29.3]
  packageImages: [keepalived, salt-master=3008.2]   # images made of packages of sources`,
  })
    .argument('<order>', 'what goes into the bundle')
    .argument('<folder>', 'where to make it; must not exist')
    .action(
      action(async ({ json }, file: string, folder: string) => {
        const order = await readOrder(file);
        const begun = Date.now();
        await buildBundle(resolve(folder), order, (line) =>
          note(`${Math.round((Date.now() - begun) / 1000)} s  ${line}`),
        );
        if (json) return printJson({ folder });
        print(`made ${folder}`);
      }),
    );
}

async function readOrder(file: string) {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new TemperError('USAGE', `${file}: cannot be read (${cause.code})`, {
      hint: 'temper bundle build --help',
      cause,
    });
  });
  const order = orderSchema.safeParse(parse(text));
  if (!order.success) throw new TemperError('USAGE', `${file}: ${z.prettifyError(order.error)}`);
  const manifests = Object.entries(order.data.manifests).map(([cni, path]) => [cni, resolve(dirname(file), path)]);
  return { ...order.data, manifests: Object.fromEntries(manifests) as typeof order.data.manifests };
}

function verify(): Command {
  return command('verify', {
    description:
      'Checks every file of a bundle against its checksum, and names those that are missing, changed or unknown.',
    example: 'temper bundle verify ./bundle',
  })
    .argument('<folder>', 'the bundle')
    .action(
      action(async ({ json }, folder: string) => {
        const findings = await verifyBundle(folder);
        if (json) printJson({ folder, findings });
        else for (const { file, problem } of findings) print(`${file}: ${problem}`);
        if (findings.length > 0) return exitCodes.badInput;
        if (!json) print(`${folder} is whole`);
        return exitCodes.done;
      }),
    );
}
