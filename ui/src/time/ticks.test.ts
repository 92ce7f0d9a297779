import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTime } from '../../../src/lib/rfc3339.ts';
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from '../../../src/lib/time.ts';
import fc from '../../../test/fast-check.ts';
import { placeTicks } from './ticks.ts';
import { createTimeScale } from './time-scale.ts';
import type { TimeZone } from './time-zone.ts';
import { UTC } from './time-zone.ts';

const FROM = read('2026-11-23T16:24:48.3Z');
/** Half an hour beside whole hours, as in India. */
const KOLKATA: TimeZone = { name: 'local', offsetAt: () => 5.5 * HOUR };
/** Europe's clock of 2026: two hours ahead until 25 October, 01:00 UTC, then one. */
const BERLIN: TimeZone = {
  name: 'local',
  offsetAt: (at) => (at < read('2026-10-25T01:00:00Z') ? 2 * HOUR : HOUR),
};

function read(text: string): number {
  const at = parseTime(text);
  assert.ok(at !== undefined);
  return at;
}

function labels(length: number, zone = UTC, from = FROM, width = 800) {
  const { ticks, contexts } = placeTicks(createTimeScale({ from, to: from + length }, width), zone);
  return { ticks: ticks.map(({ label }) => label), contexts: contexts.map(({ label }) => label) };
}

test('placeTicks tells times by the minute and the date beside them when minutes are looked at', () => {
  assert.deepEqual(labels(6 * MINUTE), {
    ticks: ['16:25', '16:26', '16:27', '16:28', '16:29', '16:30'],
    contexts: ['Mon 23 Nov 2026'],
  });
});

test('placeTicks tells the fraction of a second, and the minute beside it, when milliseconds are looked at', () => {
  const { ticks, contexts } = labels(5 * MILLISECOND);
  assert.deepEqual(ticks.slice(0, 2), ['48.300000', '48.300500']);
  assert.deepEqual(contexts, ['Mon 23 Nov 2026, 16:24']);
});

test('placeTicks tells months and years when a year is looked at', () => {
  const { ticks, contexts } = labels(365 * DAY);
  assert.deepEqual(ticks.slice(0, 3), ['Dec', 'Jan', 'Feb']);
  assert.deepEqual(contexts, ['2026', '2027']);
});

test('placeTicks marks whole hours of the clock when it stands half an hour beside UTC', () => {
  const { ticks } = labels(12 * HOUR, KOLKATA);
  assert.deepEqual(ticks.slice(0, 2), ['22:00', '23:00']);
});

test('placeTicks marks every midnight when the clock is put back between them', () => {
  const { ticks } = labels(4 * DAY, BERLIN, read('2026-10-23T22:00:00Z'), 300);
  assert.deepEqual(ticks, ['Sat 24', 'Sun 25', 'Mon 26', 'Tue 27']);
});

test('placeTicks marks the window, ascending and with room for the labels, whatever is looked at', () => {
  const window = fc.tuple(
    fc.integer({ min: read('2000-01-01T00:00:00Z'), max: read('2100-01-01T00:00:00Z') }),
    fc.double({ min: Math.log(MILLISECOND), max: Math.log(731 * DAY), noNaN: true }),
    fc.integer({ min: 200, max: 4_000 }),
    fc.constantFrom(UTC, KOLKATA, BERLIN),
  );
  fc.assert(
    fc.property(window, ([from, log, width, zone]) => {
      const scale = createTimeScale({ from, to: from + Math.round(Math.exp(log)) }, width);
      const { ticks, contexts } = placeTicks(scale, zone);
      assert.ok(ticks.length <= width / 40 + 1, `${ticks.length} ticks`);
      for (const [index, { at }] of ticks.entries()) {
        assert.ok(at >= scale.window.from && at <= scale.window.to);
        const before = ticks[index - 1];
        if (before === undefined) continue;
        assert.ok(at > before.at);
        // An hour of the night comes twice, or not at all.
        const isChange = zone.offsetAt(at) !== zone.offsetAt(before.at);
        assert.ok(isChange || (at - before.at) / scale.perPixel > 45);
      }
      assert.ok(contexts.length === 0 || contexts[0]?.at === scale.window.from);
    }),
    { numRuns: 300 },
  );
});

test('placeTicks marks seconds by their whole time of day', () => {
  assert.equal(labels(20 * SECOND).ticks[0], '16:24:50');
});
