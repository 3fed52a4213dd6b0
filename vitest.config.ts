import { defineConfig } from 'vitest/config';

/** unit: no server, no lab. workflow: a real Temporal dev server. parity: the real kubeadm. e2e: real hosts in the lab. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    // Files go by their size then, not by how long they took: else all the great clusters would stand at the same time.
    cache: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/workflows/**', 'test/parity/**', 'test/e2e/**', 'test/upgrade/**'],
          // A bound for what hangs, not for what is slow on a busy machine.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'workflow',
          include: ['test/workflows/**/*.test.ts'],
          globalSetup: ['test/workflows/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: { name: 'parity', include: ['test/parity/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 1_800_000 },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
        },
      },
      {
        // Not in `npm test`: it compiles a second Kubernetes.
        test: {
          name: 'upgrade',
          include: ['test/upgrade/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 3_600_000,
        },
      },
    ],
  },
});
