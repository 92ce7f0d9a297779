import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecordedWatch, readRecordingBytes } from '../read-recording.ts';
import { connectTo } from './connect-to.ts';
import type { WireEvent } from './event-storage.ts';
import { startApiServer } from './start-api-server.ts';

const RECORDED = 'v1.36/_wire/watch-sendInitialEvents.jsonl';
const NEWEST = 17673;

/** The bytes that a double, which holds the recorded Events, answers with: as many as were recorded. */
async function answer(query: Record<string, string>, length: number, compacted = false): Promise<string> {
  const events = readRecordedWatch(RECORDED)
    .filter(({ type }) => type === 'ADDED')
    .map(({ object }) => object as WireEvent);
  const server = await startApiServer({ events, revision: NEWEST });
  if (compacted) server.storage.compact();
  const cluster = await connectTo(server);
  try {
    const path = '/api/v1/namespaces/kube-system/events';
    const response = await cluster.request({ path, query: { watch: 'true', ...query } });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) {
      chunks.push(chunk);
      if (Buffer.concat(chunks).length >= length) break;
    }
    response.close();
    return Buffer.concat(chunks).toString();
  } finally {
    cluster.close();
    await server.stop();
  }
}

test('the double answers sendInitialEvents with the bytes that Kubernetes 1.36 sent', async () => {
  const recorded = readRecordingBytes(RECORDED).toString();
  const query = {
    allowWatchBookmarks: 'true',
    sendInitialEvents: 'true',
    resourceVersionMatch: 'NotOlderThan',
    timeoutSeconds: '5',
  };
  assert.equal(await answer(query, recorded.length), recorded);
});

test('the double says that a resourceVersion is too old with the bytes that Kubernetes 1.36 sent', async () => {
  const recorded = readRecordingBytes('v1.36/_wire/watch-410-old-rv.jsonl').toString();
  assert.equal(await answer({ resourceVersion: '1' }, recorded.length, true), recorded);
});
