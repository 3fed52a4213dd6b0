#!/usr/bin/env node
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../activities/activities.js';
import { Doors } from '../host/doors.js';
import { configuredAccess } from './connection.js';
import { jsonLogger } from './log.js';
import { taskQueue, workflowBundleFile } from './settings.js';
import { workerOptions } from './worker-options.js';

const logger = jsonLogger(process.env.TEMPER_WORKER_LOG);
Runtime.install({ logger, telemetryOptions: { logging: { filter: 'WARN', forward: {} } } });

const access = configuredAccess();
if (!access) throw new Error('Set TEMPORAL_ADDRESS, or start the worker with `temper up`.');
const connection = await NativeConnection.connect(access.connectionOptions);
const doors = new Doors();
const worker = await Worker.create({
  ...workerOptions,
  connection,
  namespace: access.temporalNamespace,
  taskQueue,
  workflowBundle: { codePath: workflowBundleFile() },
  activities: createActivities(doors),
});
logger.info('worker runs', { address: access.connectionOptions.address, temporalNamespace: access.temporalNamespace });
await worker.run();
doors.close();
await connection.close();
