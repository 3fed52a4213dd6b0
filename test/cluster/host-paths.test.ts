import { describe, expect, it } from 'vitest';
import { explainEtcdFolder, explainHostPath, explainMountPath } from '../../src/cluster/host-paths.js';

const alone = "a folder that is etcd's alone, as in /var/lib/etcd";

describe('the folder of etcd', () => {
  it.each([
    '/var/lib/etcd',
    '/var/lib/etcd-data',
    '/srv',
    '/srv/etcd',
    '/data',
    '/mnt/ssd1/etcd',
    '/home/etcd',
    '/etcd',
  ])('may be %s', (folder) => {
    expect(explainEtcdFolder(folder)).toBeUndefined();
  });

  it.each<[string, string, string?]>([
    ['/', "'/' belongs to many programs", alone],
    ['/var/lib', "'/var/lib' belongs to many programs", alone],
    ['/etc', "'/etc' belongs to the system", alone],
    ['/usr/local/etcd', "'/usr/local/etcd' belongs to the system", alone],
    ['/etc/kubernetes/etcd', "'/etc/kubernetes/etcd' belongs to Kubernetes", alone],
    ['/var/lib/kubelet', "'/var/lib/kubelet' belongs to the kubelet", alone],
    ['/var/lib/temper/etcd', "'/var/lib/temper/etcd' belongs to Temper", alone],
    ['/var/lib/containerd', "'/var/lib/containerd' belongs to containerd", alone],
    ['/var/lib/etcd/../kubelet', "'/var/lib/etcd/../kubelet' leads back by ..", 'write where it leads'],
    ['/var/lib/etcd/', "'/var/lib/etcd/' is not spelled plainly", 'write /var/lib/etcd'],
    ['//srv/./etcd', "'//srv/./etcd' is not spelled plainly", 'write /srv/etcd'],
    ['/srv/my etcd', "'/srv/my etcd' has a blank", 'as in /var/lib/etcd'],
    ['/srv/a:b', "'/srv/a:b' has a colon"],
    ['/srv/a\nb', "'/srv/a\nb' has a control character"],
    ['~/etcd', "'~/etcd' is not an absolute path", 'it begins with /'],
    ['', "'' is not an absolute path", 'it begins with /'],
  ])('cannot be %j', (folder, message, hint) => {
    expect(explainEtcdFolder(folder)).toEqual({ message, hint });
  });
});

describe('the path of a volume', () => {
  it.each(['/', '/etc', '/srv/audit/', '/srv/my files'])('may be %s', (path) => {
    expect(explainHostPath(path)).toBeUndefined();
    expect(explainMountPath(path)).toBeUndefined();
  });

  it('has no colon in the container', () => {
    expect(explainHostPath('/srv/a:b')).toBeUndefined();
    expect(explainMountPath('/srv/a:b')?.message).toBe("'/srv/a:b' has a colon");
  });
});
