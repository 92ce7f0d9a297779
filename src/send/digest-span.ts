import type { AttributeValue, Span } from '../traces/span.ts';

/** Links that point to what came later: they are sent when they are known by then, and nothing is sent again for their sake. */
const FORWARD: ReadonlySet<unknown> = new Set(['next-run', 'causes']);
const PRIME = 0x01000193;
const OTHER_PRIME = 0x85ebca6b;
/** Of the second half, as many bits as a number has left. */
const HIGH_BITS = 0x1f_ff_ff;

/** Reads text and numbers into two sums of 32 bits. */
interface Sum {
  low: number;
  high: number;
}

/**
 * A number for what a span says, ids aside: another one when anything is said otherwise, but for once in 2^53. The same for good: it is kept
 * with the record.
 */
export function digestSpan(span: Span): number {
  const sum: Sum = { low: 0x811c9dc5, high: 0x050c5d1f };
  addText(sum, span.parentSpanId);
  addText(sum, span.name);
  addNumber(sum, span.from);
  addNumber(sum, span.to);
  addNumber(sum, span.open ? 1 : 0);
  addText(sum, span.error ?? '');
  addAttributes(sum, span.attributes);
  for (const { at, name, attributes } of span.events) {
    addNumber(sum, at);
    addText(sum, name);
    addAttributes(sum, attributes);
  }
  addNumber(sum, span.droppedEvents);
  for (const { traceId, spanId, attributes } of span.links) {
    if (FORWARD.has(attributes['hark.link'])) continue;
    addText(sum, traceId);
    addText(sum, spanId);
    addAttributes(sum, attributes);
  }
  addAttributes(sum, span.resource.attributes);
  return ((sum.high >>> 0) & HIGH_BITS) * 2 ** 32 + (sum.low >>> 0);
}

function addAttributes(sum: Sum, attributes: Readonly<Record<string, AttributeValue>>): void {
  for (const name in attributes) {
    addNumber(sum, numberOf(name));
    addValue(sum, attributes[name]);
  }
  addNumber(sum, -1);
}

/** Names of attributes are few: each is read once. */
const numbers = new Map<string, number>();

function numberOf(name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  const sum: Sum = { low: 0, high: 0 };
  addText(sum, name);
  numbers.set(name, sum.low);
  return sum.low;
}

function addValue(sum: Sum, value: AttributeValue | undefined): void {
  if (typeof value === 'string') addText(sum, value);
  else if (typeof value === 'number') addNumber(sum, value);
  else if (typeof value === 'object') for (const each of value) addText(sum, each);
  else addNumber(sum, value === true ? 1 : 0);
}

function addText(sum: Sum, text: string): void {
  let { low, high } = sum;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, PRIME);
    high = Math.imul(high ^ code, OTHER_PRIME) ^ (high >>> 15);
  }
  sum.low = low;
  sum.high = high;
  addNumber(sum, text.length);
}

function addNumber(sum: Sum, value: number): void {
  const [upper, lower] = [Math.floor(value / 2 ** 32), value | 0];
  sum.low = Math.imul(Math.imul(sum.low ^ lower, PRIME) ^ upper, PRIME);
  sum.high = Math.imul(Math.imul(sum.high ^ lower, OTHER_PRIME) ^ upper, OTHER_PRIME) ^ (sum.high >>> 15);
}
