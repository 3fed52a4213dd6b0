import type { Connection } from '@temporalio/client';
import { encodeSearchAttributeIndexedValueType } from '@temporalio/common/lib/search-attributes.js';
import { msToTs } from '@temporalio/common/lib/time.js';
import { searchAttributes } from '../../workflows/search-attributes.js';

/** A finished run can be looked at this long; the server's own default is a day. */
const retention = '30 days';

/** Adds Temper's search attributes where they are missing. In a namespace of our own (`owned`) also sets how long closed runs are kept. */
export async function prepareNamespace(
  { operatorService, workflowService }: Connection,
  namespace: string,
  { owned }: { owned: boolean },
): Promise<void> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter(({ name }) => !(name in customAttributes));
  if (missing.length > 0) {
    const rows = missing.map(({ name, type }) => [name, encodeSearchAttributeIndexedValueType(type)!] as const);
    await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(rows) });
  }
  if (!owned) return;
  await workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: msToTs(retention) },
  });
}
