#!/usr/bin/env node
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../activities/activities.js';
import { activityEdge } from '../activities/heartbeat.js';
import { Doors } from '../host/doors.js';
import { configuredAccess } from './connection.js';
import { jsonLogger } from './log.js';
import { taskQueue, workflowBundleFile } from './settings.js';

const logger = jsonLogger(process.env.TEMPER_WORKER_LOG);
Runtime.install({ logger, telemetryOptions: { logging: { filter: 'WARN', forward: {} } } });

const access = configuredAccess();
if (!access) throw new Error('Set TEMPORAL_ADDRESS, or start the worker with `temper up`.');
const connection = await NativeConnection.connect(access.connectionOptions);
const doors = new Doors();
const worker = await Worker.create({
  connection,
  namespace: access.temporalNamespace,
  taskQueue,
  workflowBundle: { codePath: workflowBundleFile() },
  activities: createActivities(doors),
  interceptors: { activity: [activityEdge] },
  // Together with one connection a host this holds the worker below 400 MB.
  maxConcurrentActivityTaskExecutions: 50,
  maxCachedWorkflows: 50,
  // The SDK would hold beats back for most of the heartbeat timeout, and a short stall would then look like a dead worker.
  maxHeartbeatThrottleInterval: '1 second',
  // After a worker was killed, its open workflows wait this long before another one takes them.
  stickyQueueScheduleToStartTimeout: '1 second',
  // Steps are safe to interrupt: the next worker reads the host again, and long commands go on there meanwhile.
  shutdownGraceTime: '1 second',
  shutdownForceTime: '20 seconds',
});
logger.info('worker runs', { address: access.connectionOptions.address, temporalNamespace: access.temporalNamespace });
await worker.run();
doors.close();
await connection.close();
