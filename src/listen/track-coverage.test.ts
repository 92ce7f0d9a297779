import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { WatchItem } from '../kube/watch-item.ts';
import type { CoverageStep } from '../store/store.ts';
import { readCursors, trackCoverage } from './track-coverage.ts';

function synced(at: number, namespace = '', resourceVersion = String(at)): WatchItem {
  return { type: 'synced', at, namespace, resourceVersion };
}

function alive(at: number, namespace = '', resourceVersion = String(at)): WatchItem {
  return { type: 'alive', at, namespace, resourceVersion };
}

function gap(from: number, at: number, namespace = ''): WatchItem {
  return { type: 'gap', reason: 'expired', from, at, namespace };
}

function stepsOf(...items: WatchItem[]): CoverageStep[] {
  const tracker = trackCoverage();
  for (const item of items) tracker.take(item);
  return tracker.drain();
}

test('trackCoverage opens a stretch at synced and extends it by what is proven', () => {
  assert.deepEqual(stepsOf(gap(0, 5), synced(10), alive(20), alive(30)), [
    { namespace: '', from: 10, to: 30, resourceVersion: '30' },
  ]);
});

test('trackCoverage closes the stretch where the gap begins and forgets the cursor', () => {
  assert.deepEqual(stepsOf(synced(10), alive(20), gap(25, 60), synced(70)), [
    { namespace: '', from: 10, to: 25, resourceVersion: '', close: true },
    { namespace: '', from: 70, to: 70, resourceVersion: '70' },
  ]);
});

test('trackCoverage goes on from where the last run stood when the watch resumed', () => {
  const resumed: WatchItem = { type: 'resumed', resourceVersion: '9', from: 7, at: 50, namespace: '' };
  assert.deepEqual(stepsOf(resumed, alive(51)), [{ namespace: '', from: 7, to: 51, resourceVersion: '51' }]);
});

test('trackCoverage keeps namespaces apart', () => {
  assert.deepEqual(stepsOf(synced(10, 'a'), synced(11, 'b'), gap(12, 13, 'a'), alive(20, 'b')), [
    { namespace: 'a', from: 10, to: 12, resourceVersion: '', close: true },
    { namespace: 'b', from: 11, to: 20, resourceVersion: '20' },
  ]);
});

test('trackCoverage closes what is open at its last proven moment, with its cursor, and only once', () => {
  const tracker = trackCoverage();
  tracker.take(synced(10, 'a'));
  tracker.take(alive(20, 'a'));
  tracker.drain();
  tracker.close();
  tracker.close();
  assert.deepEqual(tracker.drain(), [{ namespace: 'a', to: 20, resourceVersion: '20', close: true }]);
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
