import { z } from 'zod';
import { clusterSchema } from './spec.js';

/**
 * The JSON Schema of cluster.yaml, for editors: the file cluster.schema.json of the repository. A test fails when that is stale, and
 * `npx vitest run test/cluster/json-schema.test.ts -u` writes it anew.
 */
export function clusterJsonSchema(): object {
  return { title: 'cluster.yaml of Temper', ...z.toJSONSchema(clusterSchema, { io: 'input' }) };
}
