import { expect, test } from 'vitest';
import { openLine } from '../../src/workflows/line.js';

test('so many go on at once, in order but for those who go ahead', async () => {
  const line = openLine(2);
  const order: string[] = [];
  let atWork = 0;
  const work = (name: string) => async () => {
    expect(++atWork).toBeLessThanOrEqual(2);
    order.push(name);
    await new Promise((resolve) => setTimeout(resolve, 5));
    atWork--;
  };

  await Promise.all([
    ...['w1', 'w2', 'w3', 'w4'].map((name) => line(work(name))),
    ...['cp1', 'cp2'].map((name) => line(work(name), { ahead: true })),
  ]);

  expect(order).toEqual(['w1', 'w2', 'cp1', 'cp2', 'w3', 'w4']);
});

test('a place is free again when work has failed', async () => {
  const line = openLine(1);

  await expect(line(() => Promise.reject(new Error('no')))).rejects.toThrow('no');

  expect(await line(async () => 'yes')).toBe('yes');
});
