import DataLoader from 'dataloader';
import { parseCertificate } from './certificates.js';
import { readContainers } from './containers.js';
import type { FactReaders, ObjectRef, PresentReaders, ServedRef } from './facts.js';
import { readFiles } from './files.js';
import { readFirewall } from './firewall.js';
import { readFolders } from './folders.js';
import { readImages } from './images.js';
import { readModules, readSysctls } from './kernel.js';
import { parseKubeconfig } from './kubeconfigs.js';
import { readObjects } from './objects.js';
import { readPackages } from './packages.js';
import type { Ask, Reader } from './question.js';
import { readServed } from './served.js';
import { readSystem } from './system.js';
import { readTexts } from './texts.js';
import { readUnits } from './units.js';

/** One snapshot of a host, asked for as its parts are wanted: all that is wanted in the same moment by one remote command a kind. */
export function createFacts(ask: Ask): FactReaders {
  const file = loader(ask, readFiles);
  const text = loader(ask, readTexts);
  const firewall = once(() => readFirewall(ask));
  const system = once(() => readSystem(ask));
  return {
    file,
    text,
    folder: loader(ask, readFolders),
    unit: loader(ask, readUnits),
    package: loader(ask, readPackages),
    image: loader(ask, readImages),
    container: loader(ask, readContainers),
    object: loader(ask, readObjects, nameOfObject),
    sysctl: loader(ask, readSysctls),
    module: loader(ask, readModules),
    firewall,
    system,
    async certificate(path) {
      const [pem, key] = await Promise.all([text(`${path}.crt`), file(`${path}.key`)]);
      return pem === undefined ? undefined : parseCertificate(pem, key !== undefined);
    },
    async kubeconfig(path) {
      const content = await text(path);
      return content === undefined ? undefined : parseKubeconfig(content);
    },
  };
}

export function createPresent(ask: Ask): PresentReaders {
  return {
    object: anew(ask, readObjects, nameOfObject),
    served: anew(ask, readServed, ({ server, path, ca }: ServedRef) => [server, path, ca].join(' ')),
  };
}

function loader<Key, Fact>(ask: Ask, read: Reader<Key, Fact>, name?: (key: Key) => string): Load<Key, Fact> {
  const loading = new DataLoader<Key, Fact, Key | string>((keys) => read(ask, keys), name && { cacheKeyFn: name });
  return (key) => loading.load(key);
}

/** Forgets the answers of a moment when it asks for them, so that only equal questions of that moment share one. */
function anew<Key, Fact>(ask: Ask, read: Reader<Key, Fact>, name: (key: Key) => string): Load<Key, Fact> {
  const readAnew = (keys: readonly Key[]): Promise<Fact[]> => {
    loading.clearAll();
    return read(ask, keys);
  };
  const loading = new DataLoader<Key, Fact, string>(readAnew, { cacheKeyFn: name });
  return (key) => loading.load(key);
}

type Load<Key, Fact> = (key: Key) => Promise<Fact>;

function nameOfObject({ server, apiVersion, kind, namespace, name }: ObjectRef): string {
  return [server, apiVersion, kind, namespace, name].join(' ');
}

function once<Fact>(read: () => Promise<Fact>): () => Promise<Fact> {
  let answer: Promise<Fact> | undefined;
  return () => (answer ??= read());
}
