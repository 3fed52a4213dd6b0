import { imageParts } from '../../cluster/images.js';
import { packagesFor } from '../../cluster/packages.js';
import { compareVersions, kubeadmImages, supportedMinors } from '../../cluster/versions.js';
import type { PreflightCheck } from './check.js';
import { osFamily } from './record.js';

/** Whether the bundle is one for this host and this spec. */
export const bundleChecks: PreflightCheck[] = [
  {
    name: 'KubernetesVersion',
    mustHold: true,
    *look({ bundle: { kubernetesVersion } }) {
      if (kubeadmImages(kubernetesVersion)) return;
      const known = Object.keys(supportedMinors).join(', ');
      yield {
        message: `the bundle has Kubernetes ${kubernetesVersion}; this Temper knows ${known}`,
        hint: 'take another bundle',
      };
    },
  },
  {
    name: 'KubeletVersion',
    mustHold: true,
    *look({ packages, bundle: { kubernetesVersion }, isOurs }) {
      if (!isOurs || !packages.kubelet || compareVersions(packages.kubelet, kubernetesVersion) <= 0) return;
      const message = `the host runs kubelet ${packages.kubelet}, newer than the bundle's ${kubernetesVersion}`;
      yield { message, hint: 'take a bundle at least as new as the cluster' };
    },
  },
  {
    name: 'Packages',
    mustHold: true,
    *look({ system: { os }, bundle: { packages } }) {
      if (packagesFor(packages, osFamily(os))) return;
      yield { message: `the bundle has no packages for ${os.prettyName}`, hint: 'take a bundle with rpm packages' };
    },
  },
  {
    name: 'ImagePull',
    *look({ bundle: { kubernetesVersion, images } }) {
      const missing = kubeadmImages(kubernetesVersion)?.filter((name) => !images.some((image) => image.name === name));
      if (missing?.length) yield { message: `the bundle lacks ${missing.join(', ')}`, hint: 'take another bundle' };
    },
  },
  {
    name: 'KeepalivedImage',
    mustHold: true,
    *look({ spec: { apiServer }, bundle: { images } }) {
      if (!apiServer.keepalived || images.some(({ name }) => imageParts(name).repository === 'keepalived')) return;
      yield {
        message: 'the bundle has no image of keepalived',
        hint: 'take another bundle, or set apiServer.keepalived: false',
      };
    },
  },
  {
    name: 'SaltMasterImage',
    mustHold: true,
    *look({ spec, bundle: { images } }) {
      if (!spec.salt.enabled || images.some(({ name }) => imageParts(name).repository === 'salt-master')) return;
      yield { message: 'the bundle has no image of salt-master', hint: withoutSalt };
    },
  },
  {
    name: 'SaltMinionPackage',
    mustHold: true,
    *look({ spec, system: { os }, bundle: { packages } }) {
      const repository = packagesFor(packages, osFamily(os));
      if (!spec.salt.enabled || !repository || 'salt-minion' in repository.install) return;
      yield { message: `the bundle has no ${repository.format} package salt-minion`, hint: withoutSalt };
    },
  },
  {
    name: 'NetworkAddOn',
    mustHold: true,
    *look({ spec: { networks }, bundle }) {
      const { cni } = networks;
      if (!cni || cni === 'none' || bundle.cni.includes(cni)) return;
      const hint = `networks.cni may be ${[...bundle.cni, 'none'].join(' or ')}`;
      yield { message: `networks.cni is ${cni}, which the bundle does not carry`, hint };
    },
  },
];

const withoutSalt = 'take another bundle, or set salt.enabled: false';
