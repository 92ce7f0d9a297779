import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listScenarios, readRecordedWatch } from '../../test/read-recording.ts';
import { parseTime } from '../lib/rfc3339.ts';
import type { RecordedEvent } from './event.ts';
import { lastHappenedAt } from './event-time.ts';
import { identify } from './identity.ts';
import { matchesQuery } from './matches-query.ts';
import { makeRecord, mergeSighting } from './merge-records.ts';
import { parseEvent } from './parse-event.ts';
import type { EventQuery } from './query.ts';

const folders = [...listScenarios(), 'v1.20/n-node-notready/default-ns', 'v1.36/n-node-notready/default-ns'];

function readRecords(folder: string): RecordedEvent[] {
  const records = new Map<string, RecordedEvent>();
  for (const line of readRecordedWatch(`${folder}/events-core-v1.jsonl`)) {
    const event = parseEvent(line.object);
    if (event.name === '') continue;
    const seen = { event, deleted: line.type === 'DELETED', at: parseTime(line.at) ?? 0 };
    records.set(identify(event), mergeSighting(records.get(identify(event)), folder, seen));
  }
  return [...records.values()];
}

const all = folders.flatMap(readRecords);

function find(query: EventQuery, among: readonly RecordedEvent[] = all): RecordedEvent[] {
  return among.filter((record) => matchesQuery(record, query));
}

function make(fields: Record<string, unknown>): RecordedEvent {
  return makeRecord('c', parseEvent({ kind: 'Event', apiVersion: 'v1', metadata: { name: 'x' }, ...fields }));
}

test('matchesQuery takes every record when nothing is asked', () => {
  assert.ok(all.length > 1_500);
  assert.equal(find({}).length, all.length);
});

test('matchesQuery takes the records of the asked clusters, namespaces, types, reasons and components only', () => {
  const cases: [EventQuery, (record: RecordedEvent) => unknown][] = [
    [{ clusters: ['v1.20/g-jobs'] }, (record) => record.cluster],
    [{ namespaces: ['bad-image'] }, ({ event }) => event.namespace],
    [{ types: ['warning'] }, ({ event }) => event.type],
    [{ reasons: ['BackOff'] }, ({ event }) => event.reason],
    [
      { components: ['default-scheduler'] },
      ({ event }) => event.source.component || event.reportingController,
    ],
    [{ kinds: ['replicaset'] }, ({ event }) => event.involvedObject.kind],
  ];
  for (const [query, tell] of cases) {
    const found = new Set(find(query));
    const told = new Set([...found].map(tell));
    assert.equal(told.size, 1, JSON.stringify(query));
    const rest = all.filter((record) => !found.has(record));
    assert.ok(rest.length > 0 && rest.every((record) => !told.has(tell(record))), JSON.stringify(query));
  }
});

test('matchesQuery takes what matches any of a list and all of the conditions', () => {
  const either = find({ reasons: ['BackOff', 'Failed'] });
  assert.equal(either.length, find({ reasons: ['BackOff'] }).length + find({ reasons: ['Failed'] }).length);
  const both = find({ reasons: ['Failed'], namespaces: ['bad-image'], types: ['Warning'] });
  assert.ok(both.length > 0 && both.length < find({ reasons: ['Failed'] }).length);
  assert.deepEqual(find({ reasons: [] }), []);
});

test('matchesQuery takes all Events of a Node when its uid is asked and emitters spell it differently', () => {
  for (const version of ['v1.20', 'v1.36']) {
    const records = readRecords(`${version}/n-node-notready/default-ns`);
    const ofNode = find({ for: [{ kind: 'node', name: 'node-1' }] }, records);
    const uids = new Set(ofNode.map(({ event }) => event.involvedObject.uid));
    const uid = [...uids].find((one) => /^[0-9a-f]{8}-/.test(one)) ?? '';
    assert.ok(uid !== '' && uids.size > 1, [...uids].join());
    assert.deepEqual(find({ for: [{ kind: 'Node', name: 'node-1', uid }] }, records), ofNode, version);
  }
});

test('matchesQuery keeps apart the Pods of one name when the uid is asked', () => {
  const named = find({ for: [{ kind: 'Pod', name: 'web-2' }] });
  const uids = [...new Set(named.map(({ event }) => event.involvedObject.uid))];
  assert.ok(uids.length > 1);
  const counts = uids.map((uid) => find({ for: [{ kind: 'Pod', name: 'web-2', uid }] }).length);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    named.length,
  );
});

test('matchesQuery takes an Event without uid only when the name is asked too', () => {
  const nameless = make({ involvedObject: { kind: 'Pod', name: 'web-0' } });
  assert.ok(matchesQuery(nameless, { for: [{ kind: 'Pod', name: 'web-0', uid: 'u' }] }));
  assert.ok(!matchesQuery(nameless, { for: [{ kind: 'Pod', name: '', uid: 'u' }] }));
  const other = make({ involvedObject: { kind: 'Pod', name: 'web-0', uid: 'web-0' } });
  assert.ok(!matchesQuery(other, { for: [{ kind: 'Pod', name: 'web-0', uid: 'u' }] }));
});

test('matchesQuery asks since of the last happening and until of the first', () => {
  const [record] = all.filter(({ occurrences }) => occurrences.length > 5);
  assert.ok(record);
  const last = lastHappenedAt(record.event);
  const first = record.occurrences[0]?.at ?? Number.NaN;
  assert.equal(last, record.occurrences.at(-1)?.at);
  assert.ok(matchesQuery(record, { since: last }) && !matchesQuery(record, { since: last + 1 }));
  assert.ok(matchesQuery(record, { until: first + 1 }) && !matchesQuery(record, { until: first }));
});

test('matchesQuery says the same of since and until as the occurrences do when the record is any recorded one', () => {
  for (const record of all) {
    const times = record.occurrences.map(({ at }) => at);
    for (const at of [...times, ...times.map((time) => time + 1)]) {
      assert.equal(
        matchesQuery(record, { since: at }),
        times.some((time) => time >= at),
      );
      assert.equal(matchesQuery(record, { until: at }), (times[0] ?? 0) < at);
    }
  }
});

test('matchesQuery searches the messages of all repeats when a pattern or words are asked', () => {
  const changing = all.filter(({ points }) => new Set(points.map(({ message }) => message)).size > 1);
  assert.ok(changing.length > 0);
  for (const record of changing) {
    for (const { message } of record.points) {
      const grep = new RegExp(message.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'u');
      assert.ok(matchesQuery(record, { grep }));
    }
  }
  const grep = /insufficient_scope/gu;
  const found = find({ grep });
  assert.ok(found.length > 0);
  assert.deepEqual(find({ grep }), found);
  assert.deepEqual(find({ text: 'SCOPE insufficient' }), found);
  assert.deepEqual(find({ text: 'insuffic* autho*' }), found);
  assert.deepEqual(find({ text: 'insuffic scope' }), []);
});
