import type { WorkerOptions } from '@temporalio/worker';
import { activityEdge } from '../activities/heartbeat.js';

/** How a worker behaves, apart from what it is connected to. */
export const workerOptions = {
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
} satisfies Partial<WorkerOptions>;
