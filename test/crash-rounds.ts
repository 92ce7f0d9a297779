import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { scaleEvents } from '../bench/scale-events.ts';
import type { Gap } from '../src/events/query.ts';
import { MILLISECOND, type Micros, wallClock } from '../src/lib/time.ts';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts';
import type { WireEvent } from './api-server/event-storage.ts';
import { type ApiServer, startApiServer } from './api-server/start-api-server.ts';
import { readStore, type StoredRecord, startListening, storePath, untilStored } from './listen-harness.ts';

export interface CrashWishes {
  readonly seed: number;
  /** How often the listener is started and killed. */
  readonly rounds: number;
  /** The most writes between a start and its kill. */
  readonly writes: number;
}

/** One state of an Event that the server had, and when it got it. */
interface Written {
  readonly key: string;
  readonly count: number;
  readonly at: Micros;
}

const WRITES_AT_ONCE = 20;

/**
 * Kills a listener with SIGKILL at random moments while the server writes, starts it again on the same store, and so on; in some rounds etcd is
 * compacted in between. Then compares the store with all that the server ever had:
 *
 * - nothing is in the store that the server did not have;
 * - every Event that there still is, is in the store with its highest count;
 * - every state that is not in the store was written within a gap that the store admits.
 */
export async function crashAndCompare(t: TestContext, wishes: CrashWishes): Promise<void> {
  const random = createRandom(wishes.seed);
  const server = await startApiServer();
  t.after(() => server.stop());
  const file = storePath();
  const args = ['--kubeconfig', server.writeKubeconfig(), '--store', file];
  const load = createLoad(server, random);
  const log: string[] = [];
  let compactions = 0;
  for (let round = 0; round < wishes.rounds; round += 1) {
    const hark = startListening(args);
    // Some are killed while they start or catch up, most while they listen.
    if (random() < 0.7)
      await load.writeUntil(hark.says(/caught up, listening|listening from where it stopped/));
    await load.write(Math.floor(random() * wishes.writes));
    await hark.end('SIGKILL');
    log.push(`killed at ${wallClock()}\n${hark.stderr()}`);
    await load.write(Math.floor(random() * 100));
    if (random() < 0.3) {
      server.storage.compact();
      compactions += 1;
      log.push(`compacted at ${wallClock()}`);
    }
  }
  const last = startListening(args);
  await load.writeUntil(last.says(/caught up, listening|listening from where it stopped/));
  // Goes on writing until the coverage has passed what was written so far: whatever is missing then is missing for good.
  const end = wallClock();
  await load.writeUntil(
    untilStored(file, ({ coverage }) => coverage.some(({ open, to }) => open && to >= end)).then(
      () => undefined,
    ),
  );
  await untilStored(file, (record) => holdsLatest(record, server));
  assert.deepEqual(await last.end('SIGINT'), { code: 0, signal: null }, last.stderr());
  const missed = compare(await readStore(file), load.written, await readGaps(file), log);
  checkFile(file);
  t.diagnostic(
    `seed ${wishes.seed}: ${load.written.length} states written, ${wishes.rounds} kills, ${compactions} compactions, ${missed} states lost in gaps`,
  );
}

/** Writes recorded Events, scaled, to the server: new ones, repeats, deletions, and Events that come again after they expired. */
function createLoad(server: ApiServer, random: () => number) {
  const lines = scaleEvents(1_000_000);
  const alive = new Map<string, WireEvent>();
  const expired: WireEvent[] = [];
  const written: Written[] = [];

  function put(event: WireEvent): void {
    server.storage.write(event);
    alive.set(keyOf(event), event);
    written.push({ key: keyOf(event), count: countOf(event), at: wallClock() });
  }

  function remove(event: WireEvent): void {
    const known = alive.get(keyOf(event));
    if (known === undefined) return;
    server.storage.remove(event.metadata.namespace, event.metadata.name);
    alive.delete(keyOf(event));
    if (typeof known.count === 'number') expired.push(known);
  }

  function writeOne(): void {
    const back = random() < 0.05 ? expired.shift() : undefined;
    const { type, object } = JSON.parse(lines.next().value ?? '{}') as { type: string; object: WireEvent };
    if (back !== undefined) put(comeAgain(back, written.length));
    if (type === 'DELETED') remove(object);
    else put(object);
  }

  async function write(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      writeOne();
      // Lets the server send, and the listener work, in between.
      if (i % WRITES_AT_ONCE === 0) await delay(10);
    }
  }

  async function writeUntil(done: Promise<void>): Promise<void> {
    let over = false;
    const ending = done.finally(() => {
      over = true;
    });
    while (!over) await Promise.race([write(WRITES_AT_ONCE), ending]);
    await ending;
  }

  return { written, write, writeUntil };
}

/** As client-go does when it finds an Event expired: the same name and first time, the count goes on, a new uid. */
function comeAgain(event: WireEvent, serial: number): WireEvent {
  const uid = `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`;
  return {
    ...event,
    metadata: { ...event.metadata, uid } as WireEvent['metadata'],
    count: Number(event.count) + 1,
  };
}

function holdsLatest(record: StoredRecord, server: ApiServer): boolean {
  const highest = new Map(
    record.events.map(({ event, points }) => [
      keyOfStored(event),
      Math.max(...points.map(({ count }) => count)),
    ]),
  );
  const there = server.storage.listAt(server.storage.revision());
  return there.every((event) => (highest.get(keyOf(event)) ?? 0) >= countOf(event));
}

/** Returns how many states are missing; each of them must lie in a gap. */
function compare(
  record: StoredRecord,
  written: readonly Written[],
  gaps: readonly Gap[],
  log: readonly string[],
): number {
  const wrote = new Set(written.map(({ key, count }) => `${key} ${count}`));
  const stored = new Set(
    record.events.flatMap(({ event, points }) => points.map(({ count }) => `${keyOfStored(event)} ${count}`)),
  );
  const invented = [...stored].filter((state) => !wrote.has(state));
  assert.deepEqual(invented, [], 'nothing is stored that the server did not have');
  const missing = written.filter(({ key, count }) => !stored.has(`${key} ${count}`));
  const hidden = missing.filter(
    ({ at }) => !gaps.some((gap) => gap.from - MILLISECOND <= at && at <= gap.to + MILLISECOND),
  );
  const context = `${hidden.length} states were missed outside of a gap, ${hidden[0]?.at} to ${hidden.at(-1)?.at}; covered: ${describeCoverage(record)}\n${log.join('\n')}`;
  assert.equal(hidden.length, 0, context);
  return missing.length;
}

function describeCoverage({ coverage }: StoredRecord): string {
  return coverage.map(({ from, to, resourceVersion }) => `${from}-${to} (${resourceVersion})`).join(', ');
}

async function readGaps(file: string): Promise<readonly Gap[]> {
  const store = openSqliteStore({ file, mode: 'read' });
  try {
    // What was before the first start is a gap as well, and so is what came after the end.
    return await store.readGaps({ since: 0, until: wallClock() });
  } finally {
    await store.close();
  }
}

function checkFile(file: string): void {
  const db = new DatabaseSync(file, { readOnly: true });
  assert.deepEqual({ ...db.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
  db.close();
}

function keyOf({ metadata }: WireEvent): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function keyOfStored(event: { readonly namespace: string; readonly name: string }): string {
  return `${event.namespace}/${event.name}`;
}

function countOf(event: WireEvent): number {
  const { series, count } = event as { series?: { count: number }; count?: number };
  return series?.count ?? count ?? 1;
}

/** Random numbers between 0 and 1, the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
