/** Lets so many go on at once; the others wait in line. Who goes `ahead` waits for those at work only, and for others who went ahead. */
export function openLine(places: number): Line {
  const waiting: { ahead: boolean; called: () => void }[] = [];
  let free = places;
  return async (work, { ahead = false } = {}) => {
    if (free > 0) free--;
    else {
      await new Promise<void>((called) => {
        const at = ahead ? waiting.findIndex((other) => !other.ahead) : -1;
        waiting.splice(at < 0 ? waiting.length : at, 0, { ahead, called });
      });
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next.called();
      else free++;
    }
  };
}

export type Line = <T>(work: () => Promise<T>, options?: { ahead?: boolean }) => Promise<T>;

/** Does `work` for every item, so many at once. */
export function onEach<Item, T>(items: Item[], atOnce: number, work: (item: Item) => Promise<T>): Promise<T[]> {
  const line = openLine(atOnce);
  return Promise.all(items.map((item) => line(() => work(item))));
}
