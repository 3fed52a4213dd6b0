import { expect, test } from 'vitest';
import { installPackages } from '../../../src/activities/steps/install-packages.js';

const install = { kubelet: '1.36.3-1.1', iptables: '1.8.9-2' };

test.each([
  ['both on a bare host', {}, install],
  ['nothing when both are there', { kubelet: held('1.36.3-1.1'), iptables: held('1.8.9-2') }, undefined],
  ["nothing for the host's own newer iptables", { kubelet: held('1.36.3-1.1'), iptables: own('1.8.11-1') }, undefined],
  ['another kubelet', { kubelet: held('1.36.1-1.1'), iptables: own('1.8.9-2') }, { kubelet: '1.36.3-1.1' }],
  ['a kubelet that is not held', { kubelet: own('1.36.3-1.1'), iptables: own('1.8.9-2') }, { kubelet: '1.36.3-1.1' }],
])('installs %s', (_, present, installed) => {
  const changes = installPackages.plan({ format: 'deb', install }, present);

  expect(changes).toEqual(installed ? [{ kind: 'packages', format: 'deb', install: installed }] : []);
});

function held(version: string) {
  return { version, held: true };
}

function own(version: string) {
  return { version, held: false };
}
