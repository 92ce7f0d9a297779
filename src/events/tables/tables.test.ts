import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRecord } from '../merge-records.ts';
import { parseEvent } from '../parse-event.ts';
import { describeTable, formatDescribeTable } from './describe-table.ts';
import { eventsTable } from './events-table.ts';
import { getEventsTable } from './get-events-table.ts';
import { formatTable } from './table.ts';

// What kubectl prints of real Events is held against its recorded output in test/kubectl-*.test.ts; here, what no cluster should send.

const now = 0;

function make(fields: Record<string, unknown>) {
  return makeRecord(
    'c',
    parseEvent({ kind: 'Event', apiVersion: 'v1', metadata: { name: 'x', namespace: 'shop' }, ...fields }),
  );
}

const hostile = make({
  type: 'Warn\u001b[31ming',
  reason: 'Fai\nled',
  message: ' first line\t\u202e\r\n  Normal  Fine  1s  kubelet  all is well ',
  involvedObject: { kind: 'Po\u0007d', name: 'x\ny' },
  source: { component: 'ku\u009bbelet' },
});

test('formatTable cuts cells at the first line break and shows escapes when an Event is hostile', () => {
  const [, row] = formatTable(getEventsTable([hostile], { now, namespaces: true }));
  assert.equal(row, 'shop        <unknown>   Warn^[[31ming   Fai...   po^Gd/x...   first line \\u202e...');
  const [, other] = formatTable(eventsTable([hostile], { now }));
  assert.equal(other, '<unknown>   Warn^[[31ming   Fai...   Po^Gd/x...   first line \\u202e...');
});

test('formatDescribeTable puts further lines of a message below it when one tries to look like a row', () => {
  assert.deepEqual(formatDescribeTable(describeTable([hostile], { now })), [
    'Events:',
    '  Type           Reason  Age        From           Message',
    '  ----           ------  ----       ----           -------',
    '  Warn^[[31ming  Fai...  <unknown>  ku\\u009bbelet  first line \\u202e',
    '                                                     Normal  Fine  1s  kubelet  all is well',
  ]);
});

test('formatDescribeTable says so when there are no Events', () => {
  assert.deepEqual(formatDescribeTable(describeTable([], { now })), ['Events:  <none>']);
});

test('describeTable puts the container before the message when asked', () => {
  const event = make({ message: 'Container created', involvedObject: { fieldPath: 'spec.containers{web}' } });
  const [row] = describeTable([event], { now, fieldPath: true }).rows;
  assert.equal(row?.at(-1), 'spec.containers{web}: Container created');
});

test('getEventsTable prints what little there is when the Event is nearly empty', () => {
  const { columns, rows } = getEventsTable([make({})], { now, wide: true });
  assert.deepEqual(rows, [['<unknown>', '', '', '', '', '', '', '<unknown>', '1', 'x']]);
  assert.equal(columns.length, 10);
});

test('formatTable leaves the headings out when they are not wanted', () => {
  assert.equal([...formatTable(eventsTable([make({})], { now }), { headings: false })].length, 1);
});
