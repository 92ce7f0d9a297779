import type { RecordedEvent } from '../events/event.ts';
import { identify } from '../events/identity.ts';
import type { Clock } from '../lib/clock.ts';
import { MINUTE, type MicrosLength, SECOND } from '../lib/time.ts';
import type { Asked } from './answer-list.ts';
import { eventKind, printNumbered } from './event-kind.ts';
import type { KubeAnswer, KubeApi, NumberedChanges } from './kube-api.ts';
import { readState } from './read-state.ts';
import { formatResourceVersion, parseResourceVersion } from './resource-version.ts';
import type { EventSelection } from './select-events.ts';
import { expired } from './status.ts';
import { createLineWriter, type LineWriter } from './watch-lines.ts';
import { headersFor } from './write-answer.ts';

/** How long a watch lasts that does not say. (kube-apiserver: between half an hour and an hour.) */
const USUAL_LENGTH: MicrosLength = 45 * MINUTE;
/** How often those who want to know are told where they stand. */
const BOOKMARK_EVERY: MicrosLength = MINUTE;
/** Lines in one piece at most. */
const MOST_LINES = 100;

/** Answers a watch of Events: what there is (if it is wanted), then what changes, without a hole and without telling a state twice. */
export function answerEventWatch(api: KubeApi, selection: EventSelection, asked: Asked): KubeAnswer {
  const writer = createLineWriter(eventKind(asked.resource), asked.shape);
  return answerWatch(asked, api, (start, until) => tellEvents(api, selection, asked, writer, start, until));
}

/** Where a watch begins: after the change of a number, or with all that there is now. */
export type WatchStart = number | 'state';

/** When a watch ends, and when it is time to tell where it stands. */
export interface WatchEnd {
  /** Aborts when it is over. */
  readonly signal: AbortSignal;
  /** Waits for something, until a bookmark is due, or it is over. */
  pause(wait: (signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Whether a bookmark is due; says so once. */
  isBookmarkDue(): boolean;
}

/** Answers a watch with what a teller of lines tells, for as long as is wanted. */
export function answerWatch(
  { options, signal }: Pick<Asked, 'options' | 'signal'>,
  { log, clock }: Pick<KubeApi, 'log' | 'clock'>,
  tell: (start: Promise<WatchStart>, end: WatchEnd) => AsyncIterable<string>,
): KubeAnswer {
  const { sendInitialEvents, resourceVersion, timeoutSeconds } = options;
  const version = parseResourceVersion(resourceVersion);
  const isState = sendInitialEvents ?? version === undefined;
  const start = async (): Promise<WatchStart> => (isState ? 'state' : (version ?? (await log.readPlace())));
  const length = timeoutSeconds === undefined ? USUAL_LENGTH : timeoutSeconds * SECOND;
  return { status: 200, headers: headersFor('json'), body: lines(), isWatch: true };

  async function* lines(): AsyncGenerator<string> {
    const timeout = new AbortController();
    const cancel = clock.after(Math.max(0, length), () => timeout.abort());
    const end = openEnd(clock, AbortSignal.any([signal, timeout.signal]));
    try {
      yield* tell(start(), end);
    } finally {
      cancel();
      end.close();
    }
  }
}

function openEnd(clock: Clock, signal: AbortSignal): WatchEnd & { close(): void } {
  let isDue = false;
  let due = new AbortController();
  const ring = () => {
    isDue = true;
    due.abort();
    cancel = clock.after(BOOKMARK_EVERY, ring);
  };
  let cancel = clock.after(BOOKMARK_EVERY, ring);
  return {
    signal,
    pause: (wait) => wait(AbortSignal.any([signal, due.signal])),
    isBookmarkDue() {
      const was = isDue;
      isDue = false;
      if (was) due = new AbortController();
      return was;
    },
    close: () => cancel(),
  };
}

async function* tellEvents(
  { log }: KubeApi,
  selection: EventSelection,
  { resource, options }: Asked,
  writer: LineWriter,
  start: Promise<WatchStart>,
  end: WatchEnd,
): AsyncGenerator<string> {
  const from = await start;
  /** Those of the beginning that changed while it was read: they are told by that change. */
  const late = new Set<string>();
  let place: number;
  if (from === 'state') {
    const state = await readState(log, selection, end.signal);
    place = state.place;
    for await (const page of state.items) {
      const lines = page.map(({ record, number }) => {
        if (number <= state.place) return writer.object('ADDED', printNumbered({ record, number }, resource));
        late.add(identify(record.event));
        return '';
      });
      yield* inPieces(lines);
      if (end.signal.aborted) return;
    }
  } else place = from;
  const teller = createTeller(place, late);
  let owesEnd = options.sendInitialEvents === true && options.allowWatchBookmarks;
  while (!end.signal.aborted) {
    const changed = await log.readChanged(place);
    if (changed === 'gone') {
      yield writer.error(expired('The resourceVersion for the provided watch is too old.').status);
      return;
    }
    yield* inPieces(
      teller
        .tell(changed, selection.matches)
        .map(({ type, record, number }) => writer.object(type, printNumbered({ record, number }, resource))),
    );
    if (changed.upto > place) {
      place = changed.upto;
      continue;
    }
    if (owesEnd) yield writer.bookmark(formatResourceVersion(place), true);
    owesEnd = false;
    if (end.isBookmarkDue() && options.allowWatchBookmarks)
      yield writer.bookmark(formatResourceVersion(place), false);
    const reached = place;
    await end.pause((signal) => log.whenChanged(reached, signal));
  }
  if (options.allowWatchBookmarks) yield writer.bookmark(formatResourceVersion(place), false);
}

interface Told {
  readonly type: 'ADDED' | 'MODIFIED';
  readonly record: RecordedEvent;
  readonly number: number;
}

/** Says of what changed what is new to who reads, in the order of the numbers. */
function createTeller(start: number, late: Set<string>) {
  let place = start;
  /** The first numbers of those that came in since, and are told when they changed again. */
  const awaited = new Set<number>();
  return {
    tell({ upto, records, numbers, firsts }: NumberedChanges, matches: EventSelection['matches']): Told[] {
      const told: Told[] = [];
      for (const [index, record] of records.entries()) {
        const first = firsts[index] ?? 0;
        const isNew = first > place || awaited.delete(first);
        if (record === undefined) {
          if (isNew) awaited.add(first);
        } else if (matches(record)) {
          const type = isNew || late.delete(identify(record.event)) ? 'ADDED' : 'MODIFIED';
          told.push({ type, record, number: numbers[index] ?? 0 });
        }
      }
      place = upto;
      return told.sort((a, b) => a.number - b.number);
    },
  };
}

export function* inPieces(lines: readonly string[]): Generator<string> {
  for (let at = 0; at < lines.length; at += MOST_LINES) {
    const piece = lines.slice(at, at + MOST_LINES).join('');
    if (piece !== '') yield piece;
  }
}
