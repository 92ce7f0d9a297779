import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { readRecordedEvents } from '../api-server/read-recorded-events.ts';
import { startApiServer } from '../api-server/start-api-server.ts';
import { startListening, storePath } from '../listen-harness.ts';
import { type Received, readFields, startHttpReceiver } from '../otlp-receiver.ts';

const PATIENCE_MS = 120_000;
/** Fields of ExportTraceServiceRequest and ExportLogsServiceRequest: resource_spans, scope_spans, spans. */
const ITEMS = [1, 2, 2];

async function untilReceived(
  received: readonly Received[],
  path: RegExp,
  isEnough: (count: number) => boolean,
) {
  const since = performance.now();
  for (;;) {
    const items = received
      .filter((each) => path.test(each.path))
      .flatMap(({ body }) => readFields(body, ITEMS));
    if (isEnough(items.length)) return items;
    if (performance.now() - since > PATIENCE_MS) throw new Error(`${items.length} came to ${path}`);
    await delay(50);
  }
}

test('hark listen --otlp sends what happens as it settles, logs too, and after a restart nothing again', async (t) => {
  const server = await startApiServer({ events: readRecordedEvents('v1.36/a-healthy-rollout') });
  t.after(() => server.stop());
  const { url, received } = await startHttpReceiver();
  const store = storePath();
  const args = ['--kubeconfig', server.writeKubeconfig(), '--store', store, '--otlp', url, '--otlp-logs'];
  const first = startListening(args);
  await first.says(/double: caught up, listening/);
  const logs = await untilReceived(received, /logs/, (count) => count > 20);
  const spans = await untilReceived(received, /traces/, (count) => count > 20);
  assert.match(first.stderr(), /sending traces and logs to http.*\/v1\/traces \(http\/protobuf\)/);
  assert.deepEqual(await first.end('SIGTERM'), { code: 0, signal: null });
  assert.match(first.stderr(), /OTLP: [1-9]\d* spans and [1-9]\d* log records sent\n/);
  const idOf = (span: Buffer) => readFields(span, [2])[0]?.toString('hex');
  const second = startListening(args);
  await second.says(/double: .*listening/);
  const extra = readRecordedEvents('v1.36/c-crashloop');
  for (const event of extra) server.storage.write(event);
  await untilReceived(received, /traces/, (count) => count > spans.length + 10);
  await second.end('SIGTERM');
  const ids = received
    .filter(({ path }) => /traces/.test(path))
    .flatMap(({ body }) => readFields(body, ITEMS))
    .map(idOf);
  assert.equal(new Set(ids).size, ids.length, 'a span was sent twice');
  assert.ok(logs.length > 20);
});
