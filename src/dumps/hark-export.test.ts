import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecord } from '../../test/read-record.ts';
import { listScenarios } from '../../test/read-recording.ts';
import { makeRecord } from '../events/merge-records.ts';
import { mergePoints, pointOf } from '../events/occurrences.ts';
import { formatExportHeader, formatExportLine, parseExportHeader, parseExportLine } from './hark-export.ts';
import { restoreState } from './load-timeline.ts';

const SCENARIOS = listScenarios();
const RECORDS = [
  ...SCENARIOS.map((scenario) => `${scenario}/events-core-v1.jsonl`),
  'v1.36/h-statefulset/events-events.k8s.io-v1.jsonl',
  'v1.20/x-expiry/watch.jsonl',
].flatMap((path) => readRecord(path));

test('parseExportLine gives back every recorded Event with all its repeats and its deletion', () => {
  assert.ok(RECORDS.some(({ deletedAt }) => deletedAt !== undefined));
  assert.ok(RECORDS.some(({ points }) => points.some(({ series }) => series)));
  for (const record of RECORDS) {
    const line = formatExportLine(record);
    const { cluster, sighting } = parseExportLine(JSON.parse(line));
    const { event, deleted, at, points = [] } = sighting;
    const read = makeRecord(cluster, event, deleted ? at : undefined, mergePoints(points, [pointOf(event)]));
    assert.deepEqual(read, record);
    assert.equal(formatExportLine(read), line);
  }
});

test('parseExportLine says what is wrong when a line was tampered with', () => {
  const [record] = RECORDS;
  assert.ok(record !== undefined);
  const line = JSON.parse(formatExportLine(record));
  assert.throws(() => parseExportLine({ ...line, points: [{ at: 'yesterday', count: 1 }] }), {
    code: 'bad-export',
    message: /its time is "yesterday"/,
  });
  assert.throws(() => parseExportLine({ ...line, points: [{ at: '2026-11-23T16:00:00Z' }] }), {
    code: 'bad-export',
  });
  assert.throws(() => parseExportLine({ ...line, event: { kind: 'Pod' } }), { code: 'not-an-event' });
});

test('parseExportHeader gives back clusters and coverage, and refuses a newer format in words', () => {
  const header = {
    clusters: [{ uid: 'u', name: 'prod', version: 'v1.36.2' }],
    coverage: [
      { cluster: 'u', namespace: '', from: 1_795_460_384_000_001, to: 1_795_460_389_000_000, open: false },
    ],
  };
  const text = formatExportHeader(header);
  assert.deepEqual(parseExportHeader(JSON.parse(text)), header);
  assert.deepEqual(parseExportHeader({ ...JSON.parse(text), version: 1 }), header);
  assert.throws(() => parseExportHeader({ ...JSON.parse(text), version: 3 }), {
    code: 'export-newer',
    message: 'cannot read a Hark export of format 3: this Hark reads formats 1 to 2',
  });
});

test('restoreState gives a state that leaves just that point behind, and never counts as the later one', () => {
  for (const { event, points } of RECORDS)
    for (const point of points) assert.deepEqual(pointOf(restoreState(event, point)), point);
});
