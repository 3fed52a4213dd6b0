/* eslint-disable @typescript-eslint/no-explicit-any -- each step has its own input and facts; the registry only knows that they fit each other. */
import type { Step } from '../step.js';
import { acceptSaltMinion } from './accept-salt-minion.js';
import { addPackageRepository } from './add-package-repository.js';
import { allowNodesToJoin } from './allow-nodes-to-join.js';
import { checkEndpoint } from './check-endpoint.js';
import { claimHost } from './claim-host.js';
import { configureContainerd } from './configure-containerd.js';
import { configureKubelet } from './configure-kubelet.js';
import { copyCertificateAuthorities } from './copy-certificate-authorities.js';
import { createBootstrapToken } from './create-bootstrap-token.js';
import { createCertificateAuthorities } from './create-certificate-authorities.js';
import { createCertificates } from './create-certificates.js';
import { createRegistryCertificate } from './create-registry-certificate.js';
import { createSaltMasterKey } from './create-salt-master-key.js';
import { finalizeKubelet } from './finalize-kubelet.js';
import { grantAdminAccess } from './grant-admin-access.js';
import { importSeedImages } from './import-seed-images.js';
import { installCoreDns } from './install-core-dns.js';
import { installKubeProxy } from './install-kube-proxy.js';
import { installNetwork } from './install-network.js';
import { installPackages } from './install-packages.js';
import { joinEtcd } from './join-etcd.js';
import { labelNode } from './label-node.js';
import { markControlPlane } from './mark-control-plane.js';
import { openFirewall } from './open-firewall.js';
import { pullImages } from './pull-images.js';
import { removeJoinToken } from './remove-join-token.js';
import { setKernelParameters } from './set-kernel-parameters.js';
import { startApiServer } from './start-api-server.js';
import { startControllerManager } from './start-controller-manager.js';
import { startEtcdMember } from './start-etcd-member.js';
import { startKeepalived } from './start-keepalived.js';
import { startJoiningKubelet } from './start-joining-kubelet.js';
import { startRegistry } from './start-registry.js';
import { startSaltMaster } from './start-salt-master.js';
import { startSaltMinion } from './start-salt-minion.js';
import { startScheduler } from './start-scheduler.js';
import { startStandaloneKubelet } from './start-standalone-kubelet.js';
import { trustEtcd } from './trust-etcd.js';
import { stopSalt } from './stop-salt.js';
import { trustRegistry } from './trust-registry.js';
import { uploadBundle } from './upload-bundle.js';
import { uploadKubeadmConfig } from './upload-kubeadm-config.js';
import { uploadKubeletConfig } from './upload-kubelet-config.js';
import { waitForNode } from './wait-for-node.js';
import { waitForRegistration } from './wait-for-registration.js';
import { writeKubeconfigs } from './write-kubeconfigs.js';

/** Every step by its name, which is its activity type in the Web UI. Order is the runbook's matter (src/workflows/runbook). */
export const steps = {
  claimHost,
  setKernelParameters,
  openFirewall,
  uploadBundle,
  addPackageRepository,
  installPackages,
  configureContainerd,
  importSeedImages,
  startStandaloneKubelet,
  createRegistryCertificate,
  startRegistry,
  pullImages,
  createCertificateAuthorities,
  trustEtcd,
  createCertificates,
  writeKubeconfigs,
  startEtcdMember,
  joinEtcd,
  startApiServer,
  startControllerManager,
  startScheduler,
  grantAdminAccess,
  configureKubelet,
  uploadKubeadmConfig,
  uploadKubeletConfig,
  markControlPlane,
  createBootstrapToken,
  allowNodesToJoin,
  finalizeKubelet,
  startKeepalived,
  checkEndpoint,
  installKubeProxy,
  installCoreDns,
  installNetwork,
  trustRegistry,
  copyCertificateAuthorities,
  startJoiningKubelet,
  waitForRegistration,
  waitForNode,
  removeJoinToken,
  labelNode,
  createSaltMasterKey,
  startSaltMaster,
  acceptSaltMinion,
  startSaltMinion,
  stopSalt,
} satisfies Record<string, Step<any, any>>;

export type StepName = keyof typeof steps;
export type StepInput<Name extends StepName> = Parameters<(typeof steps)[Name]['read']>[1];
