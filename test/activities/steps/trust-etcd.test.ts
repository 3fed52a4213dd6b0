import { expect, test } from 'vitest';
import { trustEtcd } from '../../../src/activities/steps/trust-etcd.js';

const etcdHost = { name: 'e1', address: '10.0.0.21', port: 22, user: 'ops', knownHosts: '/dev/null', sudo: true };
const path = '/etc/kubernetes/pki/etcd/ca.crt';

test('copies the certificate, and not the key', () => {
  const copy = { kind: 'copy', path, mode: '0644', from: { host: etcdHost, path } };

  expect(trustEtcd.plan({ etcdHost }, { own: undefined, theirs: 'e0' })).toEqual([copy]);
  expect(trustEtcd.plan({ etcdHost }, { own: undefined, theirs: undefined })).toEqual([copy]);
  expect(trustEtcd.plan({ etcdHost }, { own: 'e0', theirs: 'e0' })).toEqual([]);
});

test('refuses a control plane that trusts another etcd', () => {
  expect(() => trustEtcd.plan({ etcdHost }, { own: 'f0', theirs: 'e0' })).toThrow(
    '/etc/kubernetes/pki/etcd/ca.crt is another one than that of e1',
  );
});
