import { z } from 'zod';
import { schemaComplaints } from './schema-complaints.js';
import { readYaml, type FileFinding } from './yaml-source.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
const pathInBundle = z.string().regex(/^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[^\0]+$/, 'must be a path inside the bundle');

/** The file `bundle.yaml` at the root of a bundle: what the folder holds, and how to know that it is whole. */
export const bundleSchema = z.strictObject({
  apiVersion: z.literal('temper/v1alpha1'),
  kind: z.literal('Bundle'),
  kubernetesVersion: z.string().regex(/^v\d+\.\d+\.\d+$/, 'must be an exact version such as v1.36.3'),
  versions: z.record(z.string(), z.string()).describe('Version of each component, for people.'),
  cni: z.array(z.enum(['calico', 'flannel'])).describe('What networks.cni may be with this bundle.'),
  packages: z.strictObject({
    deb: z
      .strictObject({
        suite: z.string(),
        component: z.string(),
        architecture: z.string(),
        key: pathInBundle.describe('Armored public key that the repository is signed with.'),
        install: z
          .record(z.string(), z.string())
          .describe('What a host needs, with the exact version in the repository; apt brings what these depend on.'),
      })
      .describe('A signed apt repository in packages/deb.'),
    rpm: z
      .strictObject({
        key: pathInBundle.describe('Armored public key that the repository and each package are signed with.'),
        install: z
          .record(z.string(), z.string())
          .describe('What a host needs, as version-release; dnf brings what these depend on.'),
      })
      .optional()
      .describe(
        'A signed dnf repository in packages/rpm, for RHEL and its like. Left out: the bundle is not for them.',
      ),
  }),
  images: z
    .array(
      z.strictObject({
        name: z.string().describe("Upstream's full name, as the manifests use it."),
        digest: z.templateLiteral(['sha256:', sha256]),
        mediaType: z.string(),
        size: z.int().nonnegative().describe('Bytes of all its blobs together.'),
      }),
    )
    .superRefine(refuseCollisions)
    .describe('Images of the OCI layout in images/.'),
  manifests: z.record(z.string(), pathInBundle).describe('Kubernetes objects to apply, one file a network plugin.'),
  files: z
    .array(z.strictObject({ path: pathInBundle, size: z.int().nonnegative(), sha256 }))
    .describe('Every other file of the bundle, sorted by path.'),
});

export type Bundle = z.output<typeof bundleSchema>;

/** What the steps need to know of a bundle; its files stay on the disk. */
export type BundleSummary = Omit<Bundle, 'files'>;

/** Reads a bundle.yaml. Never throws: there is a bundle unless something is found. */
export function parseBundle(content: string | Uint8Array, file: string): { bundle?: Bundle; findings: FileFinding[] } {
  const source = readYaml(content, file);
  if (source.findings.length) return { findings: source.findings };
  const findings = schemaComplaints(bundleSchema, source).map(({ path, isKey, ...complaint }) =>
    source.finding(path, complaint, isKey ? 'key' : undefined),
  );
  return findings.length ? { findings } : { bundle: bundleSchema.parse(source.value), findings };
}

/** containerd asks a mirror for a path and a tag; which upstream registry it would have asked does not reach the mirror. */
function refuseCollisions(images: { name: string }[], context: z.RefinementCtx): void {
  const first = new Map<string, string>();
  for (const [index, { name }] of images.entries()) {
    const path = name.slice(name.indexOf('/') + 1);
    const taken = first.get(path);
    const message = `${name} and ${taken} differ only in the registry, so one would be served for the other`;
    if (taken) context.addIssue({ code: 'custom', path: [index, 'name'], message });
    first.set(path, name);
  }
}
