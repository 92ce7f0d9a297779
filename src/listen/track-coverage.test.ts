import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import type { WatchItem } from '../kube/watch-item.ts';
import { SECOND } from '../lib/time.ts';
import type { CoverageStep } from '../store/store.ts';
import { readCursors, trackCoverage } from './track-coverage.ts';

/** All times are in seconds. */
function synced(at: number, namespace = ''): WatchItem {
  return { type: 'synced', at: at * SECOND, namespace, resourceVersion: String(at) };
}

function alive(at: number, namespace = ''): WatchItem {
  return { type: 'alive', at: at * SECOND, namespace, resourceVersion: String(at) };
}

function resumed(from: number, at: number): WatchItem {
  return {
    type: 'resumed',
    from: from * SECOND,
    at: at * SECOND,
    namespace: '',
    resourceVersion: String(at),
  };
}

function gap(from: number, at: number, namespace = ''): WatchItem {
  return { type: 'gap', reason: 'expired', from: from * SECOND, at: at * SECOND, namespace };
}

function stepsOf(...items: WatchItem[]): CoverageStep[] {
  const tracker = trackCoverage();
  for (const item of items) tracker.take(item);
  return tracker.drain();
}

test('trackCoverage opens a stretch at synced and extends it to five seconds before what has come', () => {
  assert.deepEqual(stepsOf(gap(0, 5), synced(10), alive(20), alive(30)), [
    { namespace: '', from: 10 * SECOND, to: 25 * SECOND, resourceVersion: '30' },
  ]);
});

test('trackCoverage never takes back what it claimed', () => {
  assert.deepEqual(stepsOf(synced(10), alive(12)), [
    { namespace: '', from: 10 * SECOND, to: 10 * SECOND, resourceVersion: '12' },
  ]);
  assert.deepEqual(stepsOf(resumed(10, 12), gap(13, 14)), [
    { namespace: '', from: 10 * SECOND, to: 10 * SECOND, resourceVersion: '', close: true },
  ]);
});

test('trackCoverage closes the stretch before the gap and forgets the cursor', () => {
  assert.deepEqual(stepsOf(synced(10), alive(20), gap(25, 60), synced(70)), [
    { namespace: '', from: 10 * SECOND, to: 20 * SECOND, resourceVersion: '', close: true },
    { namespace: '', from: 70 * SECOND, to: 70 * SECOND, resourceVersion: '70' },
  ]);
});

test('trackCoverage goes on from where the last run stood when the watch resumed', () => {
  assert.deepEqual(stepsOf(resumed(7, 50), alive(51)), [
    { namespace: '', from: 7 * SECOND, to: 46 * SECOND, resourceVersion: '51' },
  ]);
});

test('trackCoverage keeps namespaces apart', () => {
  assert.deepEqual(stepsOf(synced(10, 'a'), synced(11, 'b'), gap(17, 18, 'a'), alive(30, 'b')), [
    { namespace: 'a', from: 10 * SECOND, to: 12 * SECOND, resourceVersion: '', close: true },
    { namespace: 'b', from: 11 * SECOND, to: 25 * SECOND, resourceVersion: '30' },
  ]);
});

test('trackCoverage closes what is open at its last proven moment, with its cursor, and only once', () => {
  const tracker = trackCoverage();
  tracker.take(synced(10, 'a'));
  tracker.take(alive(20, 'a'));
  tracker.drain();
  tracker.close();
  tracker.close();
  assert.deepEqual(tracker.drain(), [
    { namespace: 'a', to: 15 * SECOND, resourceVersion: '20', close: true },
  ]);
});

/** What a store makes of the steps: stretches, by the contract of CoverageStep. */
function applySteps(steps: readonly CoverageStep[]): { from: number; to: number; open: boolean }[] {
  const stretches: { from: number; to: number; open: boolean }[] = [];
  for (const { from, to, close } of steps) {
    const last = stretches.at(-1);
    if (from === undefined && last?.open === true) last.to = to;
    else {
      if (last !== undefined) last.open = false;
      stretches.push({ from: from ?? to, to, open: true });
    }
    const current = stretches.at(-1);
    if (close === true && current !== undefined) current.open = false;
  }
  return stretches;
}

test('trackCoverage claims the same coverage however its items are cut into batches', () => {
  const kind = fc.constantFrom('synced', 'alive', 'gap', 'drain');
  fc.assert(
    fc.property(fc.array(kind, { maxLength: 30 }), (kinds) => {
      const whole = trackCoverage();
      const cut = trackCoverage();
      const batches: CoverageStep[] = [];
      let listening = false;
      for (const [at, what] of kinds.entries()) {
        if (what === 'drain') batches.push(...cut.drain());
        // As the watch's contract has it: alive only after synced, synced once per gap.
        if (what === 'drain' || (what === 'synced' ? listening : !listening)) continue;
        listening = what !== 'gap';
        const item = what === 'synced' ? synced(at) : what === 'alive' ? alive(at) : gap(at, at);
        whole.take(item);
        cut.take(item);
      }
      assert.deepEqual(applySteps([...batches, ...cut.drain()]), applySteps(whole.drain()));
    }),
  );
});

test('readCursors takes the latest stretch of each namespace and none after a gap', () => {
  const stretch = { cluster: 'c', from: 0, open: false };
  const cursors = readCursors([
    { ...stretch, namespace: '', to: 10, resourceVersion: '100' },
    { ...stretch, namespace: '', to: 30, resourceVersion: '300' },
    { ...stretch, namespace: '', to: 20, resourceVersion: '200' },
    { ...stretch, namespace: 'a', to: 10, resourceVersion: '100' },
    { ...stretch, namespace: 'a', to: 12, resourceVersion: '' },
    { ...stretch, namespace: 'b', to: 10 },
  ]);
  assert.deepEqual([...cursors], [['', { resourceVersion: '300', at: 30 }]]);
});
