import type { Micros } from '../lib/time.ts';
import { addToSums, makeRoom, type Sums, startSums } from './sums.ts';

/** What is counted apart: what Events are about (of those that hold a time, alone: others stand nowhere in a timeline), say, are in, and of which kind that is. */
const PARTS = ['object', 'voice', 'space', 'kind'] as const;
type Part = (typeof PARTS)[number];

/** What one Event counts for, at all times. */
export interface Counted extends Readonly<Record<Part, number>> {
  readonly warns: boolean;
  /** 0: for nothing. */
  readonly count: number;
  readonly from: Micros;
  readonly to: Micros;
  readonly isDated: boolean;
}

/** What happened at all times, kept up with the index: who asks for everything is told without a look at every Event. */
export interface RunningSums {
  of(part: Part): Sums;
  /** @param before what was added of the same Event, and counts no more */
  add(now: Counted, before?: Counted): void;
  /** Something has come to be less than was added: all is counted anew when it is asked for. */
  restart(): void;
}

/** @param countAll gives all that is to be counted */
export function createRunningSums(countAll: (add: (counted: Counted) => void) => void): RunningSums {
  const sums: Record<Part, Sums> = startAll();
  let isRight = true;

  function put(counted: Counted, sign: 1 | -1): void {
    const { count, warns, from, to, isDated } = counted;
    if (count === 0) return;
    for (const part of PARTS) {
      if (part === 'object' && !isDated) continue;
      sums[part] = makeRoom(sums[part], counted[part]);
      addToSums(sums[part], counted[part], sign, sign * count, warns ? sign * count : 0, from, to);
    }
  }

  return {
    of(part) {
      if (!isRight) {
        isRight = true;
        Object.assign(sums, startAll());
        countAll((counted) => put(counted, 1));
      }
      return sums[part];
    },
    add(now, before) {
      if (!isRight) return;
      if (before !== undefined && isLess(now, before)) isRight = false;
      else {
        if (before !== undefined) put(before, -1);
        put(now, 1);
      }
    },
    restart() {
      isRight = false;
    },
  };
}

function startAll(): Record<Part, Sums> {
  return { object: startSums(64), voice: startSums(64), space: startSums(64), kind: startSums(64) };
}

/** Whether it no longer reaches as far: how often something was can be taken back, when it was cannot. */
function isLess(now: Counted, before: Counted): boolean {
  return now.from > before.from || now.to < before.to || now.isDated !== before.isDated;
}
