import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { MINUTE, SECOND } from '../lib/time.ts';
import { axisOver, drawMoments, drawScale, drawSpan } from './draw-spans.ts';
import type { Span } from './span.ts';

const AXIS = axisOver({ from: 0, to: 10 * SECOND }, 20);

function span(from: number, to: number, more: Partial<Span> = {}): Span {
  return {
    traceId: '',
    spanId: '',
    parentSpanId: 'p',
    name: 'Pod.Pulling',
    from,
    to,
    open: false,
    error: undefined,
    attributes: {},
    events: [],
    droppedEvents: 0,
    links: [],
    droppedLinks: 0,
    resource: { attributes: {} },
    stepId: '',
    ...more,
  };
}

test('drawSpan draws a bar from where it began to where it ended', () => {
  assert.equal(drawSpan(span(0, 10 * SECOND), AXIS), '━'.repeat(20));
  assert.equal(drawSpan(span(5 * SECOND, 7 * SECOND), AXIS), `${' '.repeat(10)}━━━━`);
  assert.equal(drawSpan(span(5 * SECOND, 5.1 * SECOND), AXIS), `${' '.repeat(10)}╸`);
  assert.equal(drawSpan(span(10 * SECOND, 10 * SECOND), AXIS), `${' '.repeat(19)}╷`);
  assert.equal(drawMoments([5 * SECOND, 7 * SECOND], AXIS), `${' '.repeat(10)}◇   ◇`);
});

test('drawSpan marks repeats, but no changes, and what goes on', () => {
  const events = [
    { at: 6 * SECOND, name: 'Pulling', attributes: {} },
    { at: 7 * SECOND, name: 'container-terminated', attributes: {} },
  ];
  assert.equal(
    drawSpan(span(5 * SECOND, 10 * SECOND, { events, open: true }), AXIS),
    `${' '.repeat(10)}━━┿━━━━━━▶`,
  );
});

test('drawSpan and drawScale keep to the axis, whatever the times', () => {
  const times = fc.tuple(
    fc.nat(1_000 * MINUTE),
    fc.nat(1_000 * MINUTE),
    fc.nat(1_000 * MINUTE),
    fc.nat(1_000 * MINUTE),
  );
  fc.assert(
    fc.property(times, fc.integer({ min: 10, max: 200 }), fc.boolean(), (some, cells, open) => {
      const [first = 0, from = 0, to = 0, last = 0] = [...some].sort((a, b) => a - b);
      const axis = axisOver({ from: first, to: last }, cells);
      const bar = drawSpan(span(from, to, { open }), axis);
      assert.ok(bar.length <= cells && bar.trimStart().length >= 1);
      const scale = drawScale(axis);
      assert.ok(scale.startsWith('0') && scale.length <= cells);
    }),
  );
});

test('drawScale tells times that people read easily, each where it belongs', () => {
  assert.equal(drawScale(axisOver({ from: 0, to: 20 * MINUTE }, 40)), '0         5m        10m       15m');
  assert.equal(drawScale(axisOver({ from: 0, to: 800_000 }, 32)), '0       0.2s    0.4s    0.6s');
});
