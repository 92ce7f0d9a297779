import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE, SECOND } from '../../../src/lib/time.ts';
import fc from '../../../test/fast-check.ts';
import { createTimeScale } from '../time/time-scale.ts';
import { hitTest } from './hit-test.ts';
import { layOutTimeline } from './layout-timeline.ts';
import { makeRow } from './make-row.test-helper.ts';
import { rowMetrics, USUAL_TEXT } from './row-metrics.ts';
import { stepBox } from './step-box.ts';
import type { Bar, TimelineData, TimelineRow } from './timeline-data.ts';

const START = 1_795_451_088_000_000;
const WINDOW = { from: START, to: START + 17 * HOUR };
const SCALE = createTimeScale(WINDOW, 1_000);
const ROW = rowMetrics(USUAL_TEXT);
const SCREEN = { scrollTop: 0, height: 600, metrics: ROW };

function makeData(rows: readonly TimelineRow[]): TimelineData {
  return { window: WINDOW, bucket: (17 * HOUR) / 250, rows, moreRows: 0, gaps: [], end: WINDOW.to };
}

function makeBar(from: number, to: number, id = `${from}-${to}`): Bar {
  return {
    ref: { kind: 'step', story: 's', id },
    from: START + from,
    to: START + to,
    open: false,
    tone: 'good',
    weight: 'step',
    text: id,
  };
}

test('layOutTimeline draws a repeat of 17 hours as columns across them, Warnings as such', () => {
  const warning = new Array<number>(250).fill(4591 / 250);
  const row = makeRow({ warning, normal: new Array<number>(250).fill(0) });
  const { boxes } = layOutTimeline(makeData([row]), SCALE, SCREEN);
  assert.equal(boxes.length, 250);
  assert.ok(boxes.every(({ shape, share, width }) => shape === 'column' && share === 1 && width >= 3));
  assert.ok((boxes[0]?.x ?? 1) <= 0 && (boxes.at(-1)?.x ?? 0) > 990);
});

test('layOutTimeline marks a single happening by itself, and those beside each other as columns', () => {
  const normal = new Array<number>(250).fill(0);
  for (const index of [10, 100, 101]) normal[index] = 1;
  const { boxes } = layOutTimeline(makeData([makeRow({ normal })]), SCALE, SCREEN);
  assert.deepEqual(
    boxes.map(({ shape }) => shape),
    ['event', 'column', 'column'],
  );
});

test('layOutTimeline makes a step of a millisecond visible, and puts it before the longer one that it is in', () => {
  const row = makeRow({ bars: [makeBar(HOUR, HOUR + 1_000), makeBar(0, 17 * HOUR)] });
  const { boxes } = layOutTimeline(makeData([row]), SCALE, SCREEN);
  assert.deepEqual(
    boxes.map(({ width }) => Math.round(width)),
    [1000, 2],
  );
  const [long, short] = boxes;
  assert.ok(long !== undefined && short !== undefined);
  assert.equal(hitTest({ boxes, hatches: [], first: 0, end: 1 }, short.x + 1, short.y + 3, 3), short);
});

test('layOutTimeline moves the text of a bar behind what covers its beginning, or leaves it out', () => {
  const cover = makeBar(0, HOUR, 'cover');
  const long = layOutTimeline(
    makeData([makeRow({ bars: [makeBar(0, 17 * HOUR, 'long'), cover] })]),
    SCALE,
    SCREEN,
  );
  const [behind] = long.boxes;
  assert.equal(behind?.text, 'long');
  assert.ok((behind?.textX ?? 0) > SCALE.toX(START + HOUR));
  const tight = layOutTimeline(
    makeData([makeRow({ bars: [makeBar(0, HOUR + MINUTE, 'tight'), cover] })]),
    SCALE,
    SCREEN,
  );
  assert.equal(tight.boxes[0]?.text, '');
});

test('layOutTimeline draws only the rows that are seen', () => {
  const rows = Array.from({ length: 500 }, (_, index) =>
    makeRow({ id: `${index}`, bars: [makeBar(0, HOUR)] }),
  );
  const { boxes, first, end } = layOutTimeline(makeData(rows), SCALE, {
    scrollTop: 100 * ROW.height,
    height: 10 * ROW.height,
    metrics: ROW,
  });
  assert.deepEqual([first, end, boxes.length], [100, 110, 10]);
  assert.equal(boxes[0]?.row, 100);
  assert.ok((boxes[0]?.y ?? -1) >= 0);
});

test('layOutTimeline keeps everything within the screen, whatever is looked at', () => {
  const bar = fc.tuple(
    fc.integer({ min: -40 * HOUR, max: 40 * HOUR }),
    fc.integer({ min: 0, max: 40 * HOUR }),
  );
  fc.assert(
    fc.property(fc.array(bar, { maxLength: 8 }), fc.integer({ min: 1, max: 1_000_000 }), (bars, zoom) => {
      const row = makeRow({ bars: bars.map(([from, length]) => makeBar(from, from + length)) });
      const scale = createTimeScale({ from: START, to: START + Math.max(1_000, (17 * HOUR) / zoom) }, 800);
      for (const { x, width, text, textX } of layOutTimeline(makeData([row]), scale, SCREEN).boxes) {
        assert.ok(x >= -8 - 1e-6 && x + width <= 812, `${x} ${width}`);
        if (text !== '') assert.ok(textX >= 0 && textX < x + width);
      }
    }),
    { numRuns: 200 },
  );
});

test('stepBox goes through what happened in a row in time, and ends at the last', () => {
  const rows = [
    makeRow({ bars: [makeBar(HOUR, 2 * HOUR, 'b'), makeBar(0, HOUR, 'a')] }),
    makeRow({ id: 'other', bars: [makeBar(0, SECOND, 'c')] }),
  ];
  const layout = layOutTimeline(makeData(rows), SCALE, SCREEN);
  const a = stepBox(layout, 0, undefined, 1);
  const b = stepBox(layout, 0, a, 1);
  assert.deepEqual([a?.title, b?.title], ['a', 'b']);
  assert.equal(stepBox(layout, 0, b, 1), undefined);
  assert.equal(stepBox(layout, 0, b, -1)?.title, 'a');
  assert.equal(stepBox(layout, 1, undefined, 1)?.title, 'c');
});

test('hitTest finds nothing where nothing is near', () => {
  const layout = layOutTimeline(makeData([makeRow({ bars: [makeBar(0, HOUR)] })]), SCALE, SCREEN);
  assert.equal(hitTest(layout, 500, 12, 3), undefined);
});

test('layOutTimeline hatches what nobody watched, as far as it is seen', () => {
  const gaps = [
    { from: START - HOUR, to: START + HOUR, text: 'before' },
    { from: START + 20 * HOUR, to: START + 30 * HOUR, text: 'after' },
  ];
  const { hatches } = layOutTimeline({ ...makeData([]), gaps }, SCALE, SCREEN);
  assert.deepEqual(
    hatches.map(({ x, width, text }) => [x, Math.round(width), text]),
    [[0, 59, 'before']],
  );
});
