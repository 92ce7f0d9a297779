import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createListeningBoard } from './listening-board.ts';

const PROD = { uid: 'u-1', name: 'prod', version: 'v1.36.2' };
const OTHER = { uid: 'u-2', name: 'prod', version: '' };

test('createListeningBoard knows how it goes with each cluster, and tells when that changes', () => {
  const board = createListeningBoard(['prod']);
  let calls = 0;
  const leave = board.onChange(() => {
    calls += 1;
  });
  assert.equal(board.stateOf(PROD), 'connecting');
  board.take({ type: 'connected', feed: 'prod', cluster: PROD });
  assert.equal(board.stateOf(PROD), 'catching up');
  // Another cluster of the record that went by the same name.
  assert.equal(board.stateOf(OTHER), 'no');
  board.take({ type: 'synced', feed: 'prod', namespace: '' });
  assert.equal(board.stateOf(PROD), 'listening');
  assert.equal(calls, 2);
  board.take({ type: 'waiting', feed: 'prod', error: new Error('gone') });
  assert.equal(board.stateOf(PROD), 'waiting');
  leave();
  board.take({ type: 'failed', feed: 'prod', error: new Error('gone') });
  assert.deepEqual([board.stateOf(PROD), calls], ['failed', 3]);
});

test('createListeningBoard counts reports by their kind', () => {
  const board = createListeningBoard(['prod']);
  for (let n = 0; n < 3; n++)
    board.take({ type: 'notice', feed: 'prod', level: 'warn', code: 'broken-event', text: 'broken' });
  board.take({ type: 'gap', feed: 'prod', namespace: '', reason: 'expired', from: 1, at: 2 });
  assert.equal(board.counts().get('notice broken-event'), 3);
  assert.equal(board.tally().gaps, 1);
});

test('createListeningBoard keeps what is counted of each signal, whoever sends it, as it grows', () => {
  const counts = { sent: 0, rejected: 0, dropped: 0, retries: 0, waiting: 0, failing: false };
  const traces = { ...counts, sent: 3 };
  const board = createListeningBoard([]);
  board.sends(new Map([['traces', traces]]));
  board.sends(new Map([['metrics', counts]]));
  traces.sent = 5;
  assert.deepEqual(
    [...board.sent()].map(([signal, { sent }]) => [signal, sent]),
    [
      ['traces', 5],
      ['metrics', 0],
    ],
  );
});
