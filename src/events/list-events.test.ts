import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecording } from '../../test/read-recording.ts';
import { printEventList } from './list-events.ts';
import { parseEvent } from './parse-event.ts';

test('printEventList prints what kubectl get events -o json printed when the Events are recorded', () => {
  for (const version of ['v1.20', 'v1.36']) {
    const printed = JSON.parse(readRecording(`${version}/b-bad-image/kubectl-get-events.json`)) as {
      items: { metadata: Record<string, unknown> }[];
      metadata: Record<string, unknown>;
    };
    for (const item of printed.items) delete item.metadata.managedFields;
    const events = printed.items.map((item) => parseEvent(item));
    // kubectl 1.20 adds an empty selfLink.
    assert.deepEqual({ ...printEventList(events), metadata: {} }, { ...printed, metadata: {} });
  }
});

test('printEventList prints one form when the Events came in either', () => {
  const events = [
    parseEvent({ kind: 'Event', apiVersion: 'v1', metadata: { name: 'a' }, message: 'm' }),
    parseEvent({ kind: 'Event', apiVersion: 'events.k8s.io/v1', metadata: { name: 'b' }, note: 'm' }),
  ];
  const { items } = printEventList(events, 'v1') as { items: { apiVersion: string; message: string }[] };
  assert.deepEqual(
    items.map(({ apiVersion, message }) => [apiVersion, message]),
    [
      ['v1', 'm'],
      ['v1', 'm'],
    ],
  );
});
