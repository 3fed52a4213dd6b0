import type { ConnectOptions } from './connection.js';
import { openDoor } from './door.js';
import type { Door } from './door.js';
import type { HostTarget } from './target.js';

/** Without a command for this long a connection is closed. */
const longestIdleSeconds = 30;

/** The connections of one process: one a host, shared by all that goes on there, opened anew when lost, closed when idle. */
export class Doors {
  readonly #standing = new Map<string, Standing>();
  readonly #options: Pick<ConnectOptions, 'acceptNew'>;

  constructor(options: Pick<ConnectOptions, 'acceptNew'> = {}) {
    this.#options = options;
  }

  to(target: HostTarget): Promise<Door> {
    const key = JSON.stringify(target);
    const standing = this.#standing.get(key);
    if (standing && standing.door?.isOpen !== false) return standing.opening;
    const opened: Standing = { opening: this.fresh(target) };
    this.#standing.set(key, opened);
    void opened.opening.then(
      (door) => {
        opened.door = door;
        this.#closeWhenIdle(key, opened, door);
      },
      () => this.#forget(key, opened),
    );
    return opened.opening;
  }

  /** A connection of its own, to prove that one can still be made. The caller closes it. */
  fresh(target: HostTarget): Promise<Door> {
    return openDoor(target, this.#options);
  }

  close(): void {
    for (const { opening } of this.#standing.values()) {
      void opening.then(
        (door) => door.close(),
        () => {},
      );
    }
    this.#standing.clear();
  }

  #closeWhenIdle(key: string, standing: Standing, door: Door): void {
    const watch = setInterval(() => {
      if (door.isOpen && door.idleSeconds < longestIdleSeconds) return;
      clearInterval(watch);
      this.#forget(key, standing);
      door.close();
    }, 1000);
    watch.unref();
  }

  #forget(key: string, standing: Standing): void {
    if (this.#standing.get(key) === standing) this.#standing.delete(key);
  }
}

interface Standing {
  opening: Promise<Door>;
  door?: Door;
}
