import { parseAllDocuments } from 'yaml';

/** The images that the objects of a manifest run, by their full names, each once. */
export function manifestImages(manifest: string): string[] {
  const names = parseAllDocuments(manifest).flatMap((document) => imagesIn(document.toJS()));
  return [...new Set(names.map(fullName))].sort();
}

function imagesIn(value: unknown): string[] {
  if (!value || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (!/^(init)?containers$/i.test(key) || !Array.isArray(inner)) return imagesIn(inner);
    return inner.map((container: { image?: string }) => container.image).filter((image) => image !== undefined);
  });
}

/** As containerd completes it: `nginx` -> `docker.io/library/nginx:latest`. */
function fullName(image: string): string {
  const tagged = /:[^/]+$/.test(image) ? image : `${image}:latest`;
  const [first = '', ...rest] = tagged.split('/');
  if (!rest.length) return `docker.io/library/${tagged}`;
  return /[.:]|^localhost$/.test(first) ? tagged : `docker.io/${tagged}`;
}
