import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSnapshot } from '../../test/kubectl-golden.ts';
import { describeTable, formatDescribeTable } from '../events/tables/describe-table.ts';
import { displayWidth } from '../lib/display-width.ts';
import { parseTime } from '../lib/parse-time.ts';
import { formatBlock } from './format-block.ts';

const RECORDS = readSnapshot('v1.36/b-bad-image', '').filter(
  ({ event }) => event.involvedObject.name === 'podinfo-5c5dff7b9b-hb7pm',
);
const PIPE = {
  now: parseTime('2026-11-23T16:00:00Z', ''),
  fieldPath: false,
  color: false,
  columns: undefined,
};

test('formatBlock prints the bytes of the table in a pipe', () => {
  assert.ok(RECORDS.length > 4);
  assert.equal(formatBlock(RECORDS, PIPE), formatDescribeTable(describeTable(RECORDS, PIPE)).join('\n'));
  assert.equal(formatBlock([], PIPE), 'Events:  <none>');
});

test('formatBlock keeps every row when messages have several lines', () => {
  const [first, second, ...rest] = RECORDS;
  assert.ok(first !== undefined && second !== undefined);
  const message = 'Readiness probe failed:\nline 2\n  Normal  Fine  1s  kubelet  all is well';
  const records = [{ ...first, event: { ...first.event, message } }, second, ...rest];
  const bytes = formatDescribeTable(describeTable(records, PIPE)).join('\n');
  assert.equal(formatBlock(records, PIPE), bytes);
  for (const columns of [190, 120, 80, 40]) {
    const block = formatBlock(records, { ...PIPE, columns });
    assert.equal(block.split(/\s+/).join(''), bytes.split(/\s+/).join(''));
    assert.ok(block.split('\n').every((line) => !line.startsWith('  Normal  Fine')));
  }
});

test('formatBlock fits the terminal and loses no word when messages are long', () => {
  const words = formatBlock(RECORDS, PIPE).split(/\s+/);
  for (const columns of [200, 140, 120, 100, 90, 80]) {
    const block = formatBlock(RECORDS, { ...PIPE, columns });
    for (const line of block.split('\n')) assert.ok(displayWidth(line) <= columns, `${columns}: ${line}`);
    assert.deepEqual(block.split(/\s+/).join(''), words.join(''));
    assert.ok(columns > 190 || block.split('\n').length > RECORDS.length + 3);
  }
});

test('formatBlock colours what is no Normal when colour is wanted', () => {
  const lines = formatBlock(RECORDS, { ...PIPE, color: true })
    .split('\n')
    .slice(3);
  for (const line of lines)
    assert.equal(line.startsWith('  \x1b[33mWarning\x1b[39m'), line.includes('Warning'));
});
