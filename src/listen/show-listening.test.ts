import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '../../test/fake-clock.ts';
import { passTime } from '../../test/pass-time.ts';
import { HarkError } from '../lib/errors.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import type { ListenReport } from './feed.ts';
import { showListening } from './show-listening.ts';

const START = Date.UTC(2026, 10, 23, 15, 30) * 1000;
const CLUSTER = { uid: 'c1', name: 'prod', version: 'v1.36.2' };

function setUp(columns: number | undefined, feeds: readonly string[] = ['prod']) {
  const clock = createFakeClock(START);
  let printed = '';
  const display = showListening({
    write: (text) => {
      printed += text;
    },
    columns: () => columns,
    clock,
    feeds,
  });
  return {
    clock,
    display,
    /** What was printed since the last call. */
    read() {
      const text = printed;
      printed = '';
      return text;
    },
    /** What a terminal would show in its last line. */
    readLine: () => printed.slice(printed.lastIndexOf('\u001b[2K') + 4),
  };
}

function written(heard: number, added: number, repeated: number, lag?: number): ListenReport {
  return {
    type: 'written',
    feed: 'prod',
    heard,
    result: { added, repeated, changed: 0, unchanged: heard - added - repeated, objects: 0, changes: 0 },
    lag,
  };
}

test('showListening logs plain lines with times, and nothing else, when stderr is no terminal', async () => {
  const { clock, display, read } = setUp(undefined);
  display.report({ type: 'connected', feed: 'prod', cluster: CLUSTER });
  display.report(written(3, 2, 1));
  await passTime(clock, 2 * SECOND);
  display.report({ type: 'synced', feed: 'prod', namespace: '' });
  assert.equal(
    read(),
    '2026-11-23T15:30:00Z prod: connected (Kubernetes v1.36.2)\n2026-11-23T15:30:02Z prod: caught up, listening\n',
  );
});

test('showListening logs totals every five minutes in which something was heard, and at the end', async () => {
  const { clock, display, read } = setUp(undefined);
  display.report(written(1240, 1204, 32));
  await passTime(clock, 20 * MINUTE);
  assert.equal(read(), '2026-11-23T15:35:00Z heard 1,240: 1,204 new Events, 32 repeats, no gaps\n');
  display.close();
  assert.equal(read(), '2026-11-23T15:50:00Z stopped: heard 1,240: 1,204 new Events, 32 repeats, no gaps\n');
  assert.equal(clock.timers().length, 0);
});

test('showListening logs what retention removed, objects too where there were any', () => {
  const { display, read } = setUp(undefined);
  display.report({ type: 'retained', events: 3, occurrences: 5, objects: 0, changes: 0 });
  display.report({ type: 'retained', events: 0, occurrences: 0, objects: 1, changes: 12 });
  assert.equal(
    read(),
    '2026-11-23T15:30:00Z retention removed 3 Events and 5 repeats\n' +
      '2026-11-23T15:30:00Z retention removed 0 Events and 0 repeats, 1 objects and 12 changes\n',
  );
});

test('showListening redraws one line on a terminal: state, counts, rate, lag, gaps', async () => {
  const { clock, display, readLine } = setUp(100);
  display.report({ type: 'connected', feed: 'prod', cluster: CLUSTER });
  display.report({ type: 'synced', feed: 'prod', namespace: '' });
  display.report(written(50, 40, 10, 3.2 * SECOND));
  await passTime(clock, 5 * SECOND);
  assert.equal(readLine(), 'prod listening · 40 Events, 10 repeats · 10/s · 3s behind · no gaps');
  display.report({
    type: 'gap',
    feed: 'prod',
    namespace: '',
    reason: 'expired',
    from: START,
    at: START + 2 * SECOND,
  });
  await passTime(clock, MINUTE);
  assert.equal(readLine(), 'prod catching up · 40 Events, 10 repeats · 0/s · 1 gap');
});

test('showListening never wraps its line when the terminal is narrow', async () => {
  const { clock, display, readLine } = setUp(20);
  display.report(written(50, 40, 10));
  await passTime(clock, SECOND);
  assert.equal(readLine(), 'prod connecting · …');
});

test('showListening draws its line on a terminal of no width, and of next to none', async () => {
  for (const [columns, line] of [
    [0, 'prod connecting · 40 Events, 10 repeats · 50/s · no gaps'],
    [2, '…'],
  ] as const) {
    const { clock, display, readLine } = setUp(columns);
    display.report(written(50, 40, 10));
    await passTime(clock, SECOND);
    assert.equal(readLine(), line);
  }
});

test('showListening counts clusters by state when there are several', async () => {
  const { clock, display, readLine } = setUp(120, ['a', 'b', 'c']);
  display.report({ type: 'synced', feed: 'a', namespace: '' });
  display.report({ type: 'failed', feed: 'b', error: new HarkError('forbidden', 'no') });
  await passTime(clock, SECOND);
  assert.match(readLine(), /^3 clusters: 1 listening, 1 connecting, 1 failed · /);
});

test('showListening says that it waits while a cluster cannot be reached, and that it listens again', async () => {
  const { clock, display, readLine } = setUp(120);
  const notice = (level: 'info' | 'warn', code: string): ListenReport => ({
    type: 'notice',
    feed: 'prod',
    level,
    code,
    text: code,
  });
  display.report({ type: 'synced', feed: 'prod', namespace: '' });
  for (const [level, code, state] of [
    ['warn', 'broken-event', 'listening'],
    ['warn', 'cluster-unreachable', 'waiting'],
    ['info', 'connected-again', 'listening'],
  ] as const) {
    display.report(notice(level, code));
    await passTime(clock, SECOND);
    assert.match(readLine(), new RegExp(`^prod ${state} `));
  }
});

test('showListening prints what clusters say without letting their escapes through', () => {
  const { display, read } = setUp(undefined);
  display.report({ type: 'notice', feed: 'prod', level: 'warn', code: 'x', text: 'a\u001b[31mb\nc' });
  assert.equal(read(), '2026-11-23T15:30:00Z warning: prod: a^[[31mb\\nc\n');
});

test('showListening tells a gap with its times and cause, and says when nothing was missed', () => {
  const { display, read } = setUp(undefined);
  display.report({
    type: 'gap',
    feed: 'prod',
    namespace: 'shop',
    reason: 'expired',
    from: START - MINUTE,
    at: START,
  });
  display.report({ type: 'resumed', feed: 'prod', namespace: '', from: START - MINUTE });
  // The very first start: there is nothing that could have been missed.
  display.report({ type: 'gap', feed: 'prod', namespace: '', reason: 'started', from: START, at: START });
  assert.equal(
    read(),
    '2026-11-23T15:30:00Z warning: prod: gap (namespace shop) from 2026-11-23T15:29:00Z to 2026-11-23T15:30:00Z: the API server no longer knew the changes; catching up by a list, in which repeats may be folded\n' +
      '2026-11-23T15:30:00Z prod: listening from where it stopped at 2026-11-23T15:29:00Z: nothing was missed\n',
  );
});

test('showListening says what could not be stored, and counts it as a gap', () => {
  const { display, read } = setUp(undefined);
  display.report({ type: 'unstored', feed: 'prod', heard: 2, since: START - MINUTE });
  display.close();
  assert.equal(
    read(),
    '2026-11-23T15:30:00Z warning: prod: 2 Events heard last could not be stored: a gap from 2026-11-23T15:29:00Z on; the next run lists what the API server still holds\n' +
      '2026-11-23T15:30:00Z stopped: heard 0: 0 new Events, 0 repeats, 1 gap\n',
  );
});
