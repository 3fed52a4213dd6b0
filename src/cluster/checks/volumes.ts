import { paths } from '../paths.js';
import type { Check, Draft } from './check.js';

/** The kubelet refuses a pod two of whose volumes have one name or lie at one place. */
export const volumesApart: Check = function* (spec) {
  for (const { component, volumes, path } of extraVolumes(spec)) {
    for (const field of ['name', 'mountPath'] as const) {
      const values = volumes.map((volume) => volume?.[field]);
      for (const [index, value] of values.entries()) {
        const first = values.indexOf(value);
        if (value === undefined || first === index) continue;
        const message = `${component}.extraVolumes[${index}] has the same ${field} as extraVolumes[${first}]: ${value}`;
        yield { path: [...path, index, field], message };
      }
    }
  }
};

/** A volume by the name of one of kubeadm's replaces that; by another name it would lie at the same place. */
export const volumesBesideKubeadms: Check = function* (spec) {
  for (const { component, volumes, path } of extraVolumes(spec)) {
    const kept = ownVolumes[component].filter(({ name }) => !volumes.some((volume) => volume?.name === name));
    for (const own of kept) {
      const index = volumes.findIndex((volume) => volume?.mountPath === own.path);
      if (index < 0) continue;
      const message = `${component}.extraVolumes[${index}]: at ${own.path} kubeadm mounts its volume ${own.name}`;
      const hint = `mount it elsewhere, or give it the name ${own.name} to replace that one`;
      yield { path: [...path, index, 'mountPath'], message, hint };
    }
  }
};

function extraVolumes({ kubernetes = {} }: Draft) {
  return (['apiServer', 'controllerManager', 'scheduler'] as const).map((component) => ({
    component,
    volumes: kubernetes.clusterConfiguration?.[component]?.extraVolumes ?? [],
    path: ['kubernetes', 'clusterConfiguration', component, 'extraVolumes'],
  }));
}

const certificateVolumes = [
  { name: 'k8s-certs', path: paths.pki as string },
  { name: 'ca-certs', path: '/etc/ssl/certs' },
];

/** kubeadm's, as far as every host has them. */
const ownVolumes = {
  apiServer: certificateVolumes,
  controllerManager: [
    ...certificateVolumes,
    { name: 'kubeconfig', path: `${paths.kubernetes}/controller-manager.conf` },
  ],
  scheduler: [{ name: 'kubeconfig', path: `${paths.kubernetes}/scheduler.conf` }],
};
