import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, openApi } from '../../test/kube-api/open-api.ts';
import { readLines } from '../../test/kube-api/read-lines.ts';
import { readRecord } from '../../test/read-record.ts';
import { diagnose } from '../stories/diagnose/diagnose.ts';
import { openStories } from '../stories/open-stories.ts';
import type { History } from './kube-api.ts';

const HISTORY = '/apis/history.hark.dev/v1';
const RECORDS = readRecord('v1.36/z-mixed-all-namespaces/events-core-v1.jsonl');
const AS_OF = Date.UTC(2026, 10, 23, 18) * 1000;

/** What is told when so many of the recorded Events have been heard. */
function tell(count: number): History {
  const told = openStories();
  for (const record of RECORDS.slice(0, count)) told.addEvent(record);
  const { told: stories } = told.tellChanges(AS_OF);
  const { findings, healed } = diagnose(stories, AS_OF);
  return { stories, findings: [...findings, ...healed], asOf: AS_OF };
}

/** An API whose stories are those that are set. */
function openTold(history: History) {
  let now = history;
  const listeners = new Set<() => void>();
  const opened = openApi({
    readHistory: async () => now,
    onHistory(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  return {
    ...opened,
    listeners,
    set(next: History) {
      now = next;
      for (const listener of listeners) listener();
    },
  };
}

const [HALF, WHOLE] = [tell(Math.floor(RECORDS.length / 2)), tell(RECORDS.length)];

function namesOf({ items }: Json): string[] {
  return items.map(({ metadata }: Json) => metadata.name);
}

/** In which version each was told. */
function versionsOf({ items }: Json): Map<string, string> {
  return new Map(items.map(({ metadata }: Json) => [metadata.name, metadata.resourceVersion]));
}

test('a watch of stories from a list tells what is told otherwise since, each once, and ends when it is over', async (t) => {
  const { set, json, ask, listeners } = openTold(HALF);
  const list = await json(`${HISTORY}/stories`);
  assert.ok(list.items.length > 3);
  set(WHOLE);
  const stop = new AbortController();
  t.after(() => stop.abort());
  const from = `resourceVersion=${list.metadata.resourceVersion}&allowWatchBookmarks=true`;
  const { body, isWatch } = await ask(`${HISTORY}/stories?watch=1&${from}`, { signal: stop.signal });
  assert.ok(isWatch);
  const lines = readLines(body);
  t.after(() => lines.close());
  const held = versionsOf(list);
  const later = await json(`${HISTORY}/stories`);
  assert.notEqual(later.metadata.resourceVersion, list.metadata.resourceVersion);
  const wanted = versionsOf(later);
  const told: string[] = [];
  while (JSON.stringify([...held].sort()) !== JSON.stringify([...wanted].sort())) {
    const { type, object } = await lines.next();
    const { name } = object.metadata;
    told.push(name);
    assert.equal(type, held.has(name) ? (wanted.has(name) ? 'MODIFIED' : 'DELETED') : 'ADDED');
    if (type === 'DELETED') held.delete(name);
    else held.set(name, object.metadata.resourceVersion);
  }
  assert.equal(new Set(told).size, told.length);
  assert.ok(told.length > 0);
  // What is as it was keeps its version.
  const same = list.items.filter((item: Json) => !told.includes(item.metadata.name));
  for (const item of same) assert.equal(wanted.get(item.metadata.name), item.metadata.resourceVersion);
  set(HALF);
  assert.match((await lines.next()).type, /^(ADDED|MODIFIED|DELETED)$/);
  stop.abort();
  for (let line = await lines.next(); line !== undefined; line = await lines.next());
  assert.equal(listeners.size, 0);
});

test('a watch of findings tells what comes to be selected as added, and what is not any more as deleted', async (t) => {
  const [finding] = WHOLE.findings;
  assert.ok(finding !== undefined);
  const as = (state: 'now' | 'healed'): History => ({ ...WHOLE, findings: [{ ...finding, state }] });
  const { set, ask } = openTold(as('now'));
  const stop = new AbortController();
  t.after(() => stop.abort());
  const selected = `fieldSelector=${encodeURIComponent('status.state=now')}`;
  const initial = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const { body } = await ask(`${HISTORY}/findings?watch=1&${selected}&${initial}`, { signal: stop.signal });
  const lines = readLines(body);
  t.after(() => lines.close());
  const next = async () => {
    const { type, object } = await lines.next();
    return [type, object.kind, object.status?.state];
  };
  assert.deepEqual(await next(), ['ADDED', 'Finding', 'now']);
  assert.deepEqual(await next(), ['BOOKMARK', 'Finding', undefined]);
  set(as('healed'));
  assert.deepEqual(await next(), ['DELETED', 'Finding', 'healed']);
  set(as('now'));
  assert.deepEqual(await next(), ['ADDED', 'Finding', 'now']);
  stop.abort();
});

test('stories are read part by part as they were when it began, also when they are told otherwise meanwhile', async () => {
  const { set, json } = openTold(HALF);
  const all = namesOf(await json(`${HISTORY}/stories`));
  const given: string[] = [];
  for (let more = '', parts = 0; ; parts += 1) {
    const part = await json(`${HISTORY}/stories?limit=2${more}`);
    given.push(...namesOf(part));
    assert.equal(part.metadata.remainingItemCount ?? 0, all.length - given.length);
    if (part.metadata.continue === undefined) break;
    more = `&continue=${part.metadata.continue}`;
    if (parts === 0) set(WHOLE);
  }
  assert.deepEqual(given, all);
  const some = await json(`${HISTORY}/stories?limit=1&fieldSelector=metadata.name%21%3Dx`);
  assert.equal(some.metadata.remainingItemCount, undefined);
});

test('a continue token of stories goes on after a restart', async () => {
  const first = await openTold(WHOLE).json(`${HISTORY}/stories?limit=3`);
  const { json } = openTold(WHOLE);
  const rest = await json(`${HISTORY}/stories?continue=${first.metadata.continue}`);
  assert.deepEqual([...namesOf(first), ...namesOf(rest)], namesOf(await json(`${HISTORY}/stories`)));
});

test('a resourceVersion of stories that is not known, or not yet, is refused as an API server does', async () => {
  const { set, json, ask } = openTold(HALF);
  const { resourceVersion } = (await json(`${HISTORY}/stories`)).metadata;
  const later = String(Number(resourceVersion) + 5);
  const codeOf = async (query: string) =>
    JSON.parse(await (await ask(`${HISTORY}/stories?${query}`)).text()).code;
  assert.equal(await codeOf(`resourceVersion=${later}&resourceVersionMatch=NotOlderThan`), 504);
  assert.equal(await codeOf(`resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`), undefined);
  set(WHOLE);
  assert.equal(await codeOf(`resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`), 410);
  assert.equal(
    await codeOf(`resourceVersion=${resourceVersion}&resourceVersionMatch=NotOlderThan`),
    undefined,
  );
  assert.equal(await codeOf('continue=abc'), 400);
  assert.equal(await codeOf('fieldSelector=status.what%3Dx'), 400);
  const old = readLines((await ask(`${HISTORY}/stories?watch=1&resourceVersion=1`)).body);
  const { type, object } = await old.next();
  assert.deepEqual([type, object.code], ['ERROR', 410]);
  assert.equal(await old.next(), undefined);
});
