import { type MicrosLength, SECOND } from '../lib/time.ts';

/** Field numbers: `Status.details`, `Any.value`, `RetryInfo.retry_delay` (google/rpc/status.proto, error_details.proto). */
const DELAY: readonly number[] = [3, 2, 1];
const TYPE: readonly number[] = [3, 1];

/** How long a gRPC receiver wants to be left alone: its `RetryInfo`, in the details of the status; undefined when it does not say. */
export function readRetryInfo(error: unknown): MicrosLength | undefined {
  const { metadata } = error as { metadata?: { get?(name: string): unknown[] } };
  const [details] = metadata?.get?.('grpc-status-details-bin') ?? [];
  if (!(details instanceof Uint8Array)) return undefined;
  const types = readFields(details, TYPE).map((bytes) => new TextDecoder().decode(bytes));
  const at = types.findIndex((type) => type.endsWith('google.rpc.RetryInfo'));
  const [status] = [readFields(details, [3])[at]];
  const [delay] = status === undefined ? [] : readFields(status, DELAY.slice(1));
  if (delay === undefined) return undefined;
  const [seconds, nanos] = [readNumber(delay, 1), readNumber(delay, 2)];
  return seconds * SECOND + Math.round(nanos / 1_000);
}

type Field = readonly [number: number, value: number | Uint8Array];

/** The fields of a message, by the wire format of Protocol Buffers alone. */
function* fieldsOf(message: Uint8Array): Generator<Field> {
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    const value = readVarint(message, tag.next);
    const number = Math.floor(tag.value / 8);
    if (tag.value % 8 === 0) {
      yield [number, value.value];
      at = value.next;
    } else if (tag.value % 8 === 2) {
      yield [number, message.subarray(value.next, value.next + value.value)];
      at = value.next + value.value;
    } else return;
  }
}

function readFields(message: Uint8Array, [wanted, ...rest]: readonly number[]): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const [number, value] of fieldsOf(message)) {
    if (number !== wanted || typeof value === 'number') continue;
    if (rest.length === 0) found.push(value);
    else found.push(...readFields(value, rest));
  }
  return found;
}

function readNumber(message: Uint8Array, wanted: number): number {
  for (const [number, value] of fieldsOf(message))
    if (number === wanted && typeof value === 'number') return value;
  return 0;
}

function readVarint(message: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let [value, at, factor] = [0, from, 1];
  for (; at < message.length; at++, factor *= 128) {
    const byte = message[at] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) break;
  }
  return { value, next: at + 1 };
}
