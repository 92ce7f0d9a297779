import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { MILLISECOND, type Micros } from '../../../src/lib/time.ts';
import type { ClustersAnswer } from '../api/answers.ts';
import type { View } from '../view/view.ts';
import type { Ago } from './ago.ts';
import { readTime } from './read-time.ts';

/** How the view tells times. */
export interface Telling {
  readonly by: View['times'];
  readonly ago: Ago;
}

const TellingContext = createContext<Telling>({ by: 'clock', ago: { from: 0, is: 'end' } });

export function useTelling(): Telling {
  return useContext(TellingContext);
}

/** What times are told from; undefined when they are told by the clock. */
export function useAgo(): Ago | undefined {
  const { by, ago } = useTelling();
  return by === 'ago' ? ago : undefined;
}

interface TellTimesProps {
  readonly by: View['times'];
  readonly clusters: ClustersAnswer | undefined;
  readonly children: ReactNode;
}

/** Lets all below know how times are told, and what from: this computer's clock where anything is listened to, else the end of the record. */
export function TellTimes({ by, clusters, children }: TellTimesProps) {
  const all = clusters?.clusters ?? [];
  const end = all.reduce((latest, { to }) => Math.max(latest, readTime(to)), 0);
  const standsStill = end > 0 && all.every(({ listening }) => listening === 'no');
  const now = useNow(!standsStill);
  const telling = useMemo<Telling>(
    () => ({ by, ago: standsStill ? { from: end, is: 'end' } : { from: now, is: 'now' } }),
    [by, standsStill, end, now],
  );
  return <TellingContext value={telling}>{children}</TellingContext>;
}

/** What is told as so long ago is told anew so often. */
const TELL_EVERY_MS = 5_000;

function useNow(isRunning: boolean): Micros {
  const [now, setNow] = useState(readClock);
  useEffect(() => {
    if (!isRunning) return;
    const timer = window.setInterval(() => setNow(readClock()), TELL_EVERY_MS);
    return () => window.clearInterval(timer);
  }, [isRunning]);
  return now;
}

function readClock(): Micros {
  return Date.now() * MILLISECOND;
}
