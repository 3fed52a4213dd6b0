import { createServer } from 'node:https';
import type { KubeObject } from '../../src/activities/facts/facts.js';

/** An API server that hands out `objects` of the core API and does nothing else. Listens on the Unix socket `socket`. */
export async function serveObjects(socket: string, tls: { cert: string; key: string }, objects: KubeObject[]) {
  const byPath = new Map(objects.map((object) => [pathOf(object), object]));
  const server = createServer(tls, (request, response) => {
    const { pathname } = new URL(request.url!, 'https://api');
    const found = byPath.get(pathname) ?? listBelow(byPath, pathname);
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? notFound));
  });
  await new Promise<void>((listening) => server.listen(socket, listening));
  return server;
}

const notFound = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };

function pathOf({ kind, metadata }: KubeObject): string {
  return `/api/v1/namespaces/${metadata.namespace}/${kind.toLowerCase()}s/${metadata.name}`;
}

/** Selectors are left aside: there are only the objects that kubeadm asks for. */
function listBelow(objects: Map<string, KubeObject>, path: string): object | undefined {
  const items = [...objects].filter(([key]) => key.startsWith(`${path}/`)).map(([, object]) => object);
  return items.length > 0 ? { kind: `${items[0]!.kind}List`, apiVersion: 'v1', metadata: {}, items } : undefined;
}
