import { moveCursor, clearScreenDown } from 'node:readline';
import { print } from '../print.js';
import type { RunView } from '../run-view.js';
import { hostLine, progressLines } from './progress-lines.js';

/** Where a run is shown while it goes on. */
export interface Screen {
  show(view: RunView): void;
  /** Takes away what does not stay. */
  close(): void;
}

/** `jsonLines`: for programs that follow a run. `silent`: for those that only want its end. */
export function openScreen(kind: 'people' | 'jsonLines' | 'silent'): Screen {
  if (kind === 'silent') return { show: () => {}, close: () => {} };
  if (kind === 'jsonLines') return jsonLines();
  return process.stdout.isTTY ? terminal() : plainLines();
}

/** Lines that stay, and below them one line for each host at work, drawn again at each look. */
function terminal(): Screen {
  let last: RunView | undefined;
  let live = 0;
  const since = new Map<string, number>();
  const erase = (): void => {
    if (live > 0) moveCursor(process.stdout, 0, -live);
    clearScreenDown(process.stdout);
    live = 0;
  };
  return {
    show(view) {
      erase();
      for (const line of progressLines(last, view)) print(line);
      for (const host of view.hosts.filter(({ status }) => status !== 'done')) {
        const key = `${host.host} ${host.steps.map(({ status, attempt }) => status + attempt).join()}`;
        if (!since.has(key)) since.set(key, Date.now());
        print(hostLine(host, (Date.now() - since.get(key)!) / 1000).slice(0, process.stdout.columns - 1));
        live++;
      }
      last = view;
    },
    close: erase,
  };
}

function plainLines(): Screen {
  let last: RunView | undefined;
  return {
    show(view) {
      for (const line of progressLines(last, view)) print(line);
      for (const { host, waiting } of view.hosts) {
        if (waiting && waiting !== last?.hosts.find((old) => old.host === host)?.waiting) print(`${host}: ${waiting}`);
      }
      last = view;
    },
    close: () => {},
  };
}

/** One JSON object for each change. */
function jsonLines(): Screen {
  let last = '';
  return {
    show(view) {
      const line = JSON.stringify(view);
      if (line !== last) print(line);
      last = line;
    },
    close: () => {},
  };
}
