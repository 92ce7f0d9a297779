import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGrpcReceiver, startHttpReceiver } from '../../test/otlp-receiver.ts';
import { readRecorded, tellRecorded } from '../../test/tell-recording.ts';
import { SECOND } from '../lib/time.ts';
import { traceStories } from '../traces/trace-stories.ts';
import { openSpanOutlet } from './open-outlet.ts';
import type { Protocol } from './target.ts';

const SCOPE = { name: 'kubectl-hark', version: '0.0.0' };
const told = tellRecorded(readRecorded('v1.36/a-healthy-rollout', false));
const spans = traceStories(told.stories, told).flatMap((trace) => trace.spans);
/** A field that holds a message, a text or bytes. */
const field = (number: number, content: Buffer) =>
  Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content]);
/** `google.protobuf.Duration` of 45 s and 500,000,000 ns. */
const DELAY = Buffer.from('082d1080cab5ee01', 'hex');
/** `google.rpc.Status` with a `RetryInfo`. */
const RETRY_INFO = field(
  3,
  Buffer.concat([
    field(1, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')),
    field(2, field(1, DELAY)),
  ]),
);

async function sendTo(url: string, protocol: Protocol) {
  const outlet = await openSpanOutlet({ signal: 'traces', protocol, url }, SCOPE);
  try {
    return await outlet.send(spans);
  } finally {
    await outlet.close();
  }
}

test('openSpanOutlet hears what the receiver did not take of what it took', async () => {
  const body = JSON.stringify({ partialSuccess: { rejectedSpans: '3', errorMessage: 'too old' } });
  const { url } = await startHttpReceiver({ body });
  const attempt = await sendTo(url, 'http/json');
  assert.deepEqual(attempt, { result: 'taken', rejected: 3, notes: ['too old'] });
});

test('openSpanOutlet tells how long a receiver wants to be left alone: Retry-After over HTTP, RetryInfo over gRPC', async () => {
  const http = await startHttpReceiver({ status: 429, headers: { 'retry-after': '45' } });
  const overHttp = await sendTo(http.url, 'http/protobuf');
  assert.equal(overHttp.result, 'later');
  assert.equal('after' in overHttp && overHttp.after, 45 * SECOND);
  const grpc = await startGrpcReceiver(8, 'slow down', RETRY_INFO);
  const overGrpc = await sendTo(grpc.url, 'grpc');
  assert.equal(overGrpc.result, 'later');
  assert.equal('after' in overGrpc && overGrpc.after, 45.5 * SECOND);
});

test('openSpanOutlet knows what will never be taken from what may be later', async () => {
  const resultOf = async (url: string, protocol: Protocol) => (await sendTo(url, protocol)).result;
  for (const [status, result] of [
    [400, 'refused'],
    [413, 'refused'],
    [401, 'later'],
    [404, 'later'],
    [500, 'later'],
  ] as const)
    assert.equal(await resultOf((await startHttpReceiver({ status })).url, 'http/protobuf'), result);
  for (const [status, result] of [
    [3, 'refused'],
    [8, 'refused'],
    [7, 'later'],
    [14, 'later'],
  ] as const)
    assert.equal(await resultOf((await startGrpcReceiver(status)).url, 'grpc'), result);
});
