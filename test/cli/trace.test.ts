import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Received, readFields, startGrpcReceiver, startHttpReceiver } from '../otlp-receiver.ts';
import { recordingPath } from '../read-recording.ts';
import { runHark } from './start-hark.ts';

const DEMO = ['--from', join(import.meta.dirname, '../../demo/cluster.jsonl.gz')];
const BAD_IMAGE = ['--from', recordingPath('v1.36/b-bad-image/events-core-v1.jsonl')];
/** Fields of ExportTraceServiceRequest: resource_spans, scope_spans, spans; of its logs the same numbers. */
const SPANS = [1, 2, 2];
const TRACE_ID = 1;

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly attributes: readonly { key: string; value: { intValue?: string; stringValue?: string } }[];
}

function spansOf(text: string): OtlpSpan[] {
  const { resourceSpans } = JSON.parse(text) as {
    resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
  };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

const hexOf = (message: Buffer, field: number) => readFields(message, [field])[0]?.toString('hex') ?? '';
const [bodyOf, pathOf] = [({ body }: Received) => body, ({ path }: Received) => path];

describe('hark trace', { concurrency: 2 }, () => {
  test('draws a rollout as a waterfall of bars below a scale, with the error in full', async () => {
    const { code, stdout, stderr } = await runHark(['trace', 'deploy/podinfo', ...BAD_IMAGE]);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^✗ deployment\/podinfo -n bad-image {3}rollout of podinfo-5c5dff7b9b +15:33:31\.673$/m,
    );
    assert.match(stdout, /^│ {2,}0 +5m +10m +15m/m);
    assert.match(stdout, /^│ {2}trace [0-9a-f]{32} +━+ {2}20m8s$/m);
    assert.match(stdout, /Pulling image "example" +[━┿]+ +3m7s ×5$/m);
    assert.match(stdout, /^ +│ {4}Failed to pull image "example": failed to pull and unpack image/m);
    assert.match(stdout, /Scheduled to node-1 +╸ +0\.03s$/m);
    const widest = Math.max(...stdout.split('\n').map((line) => line.length));
    assert.ok(widest <= 120, `${widest}`);
  });

  test('prints one valid ExportTraceServiceRequest on one line, of all stories', async () => {
    const { stdout } = await runHark(['trace', '-A', '-o', 'otlp-json', ...DEMO]);
    assert.equal(stdout.indexOf('\n'), stdout.length - 1);
    const spans = spansOf(stdout);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, roots.length);
    assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
    for (const { startTimeUnixNano, attributes } of spans) {
      assert.match(startTimeUnixNano, /^\d{19}$/);
      for (const { value } of attributes)
        if (value.intValue !== undefined) assert.equal(typeof value.intValue, 'string');
    }
    const backOff = spans.find(({ name }) => name === 'Pod.BackOff');
    const count = backOff?.attributes.find(({ key }) => key === 'k8s.event.count');
    assert.ok(Number(count?.value.intValue) > 1);
  });

  test('sends the same spans over each protocol, and happenings as log records of these spans', async () => {
    const wanted = spansOf((await runHark(['trace', '-o', 'otlp-json', ...BAD_IMAGE])).stdout);
    const ids = wanted.map(({ spanId }) => spanId).sort();
    for (const protocol of ['http/protobuf', 'http/json', 'grpc']) {
      const { url, received } = await (protocol === 'grpc' ? startGrpcReceiver() : startHttpReceiver());
      const { code, stdout, stderr } = await runHark(['trace', ...BAD_IMAGE, '--otlp', url, '--logs'], {
        env: { OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=shop' },
      });
      assert.equal(code, 0, stderr);
      assert.match(stderr, new RegExp(`^Sent ${wanted.length} spans to ${url}.* \\(${protocol}\\)\\.$`, 'm'));
      assert.match(stderr, /^Sent \d+ log records to /m);
      assert.deepEqual(
        stdout
          .trimEnd()
          .split('\n')
          .map((line) => line.slice(0, 32))
          .sort(),
        [...new Set(wanted.map(({ traceId }) => traceId))].sort(),
      );
      assert.ok(received.every(({ headers }) => headers['x-tenant'] === 'shop'));
      const isLogs = (request: Received) => /logs/i.test(pathOf(request));
      const bodies = received.filter((request) => !isLogs(request)).map(bodyOf);
      const sent =
        protocol === 'http/json'
          ? bodies.flatMap((body) => spansOf(body.toString())).map(({ spanId }) => spanId)
          : bodies.flatMap((body) => readFields(body, SPANS)).map((span) => hexOf(span, 2));
      assert.deepEqual(sent.sort(), ids);
      const logs = received.filter(isLogs).map(bodyOf);
      assert.ok(logs.length > 0);
      if (protocol === 'http/json') continue;
      const records = logs.flatMap((body) => readFields(body, SPANS));
      assert.ok(records.length > ids.length);
      assert.ok(records.every((record) => ids.includes(hexOf(record, 10))));
    }
  });

  test('sends to where OTEL_EXPORTER_OTLP_ENDPOINT says, zipped, when that is asked for', async () => {
    const { url, received } = await startHttpReceiver();
    const { code, stderr } = await runHark(['trace', 'deploy/podinfo', ...BAD_IMAGE, '--otlp', 'env'], {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/otlp`, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(received.map(pathOf), ['/otlp/v1/traces']);
    const [span] = readFields(received[0]?.body ?? Buffer.alloc(0), SPANS);
    assert.match(hexOf(span ?? Buffer.alloc(0), TRACE_ID), /^[0-9a-f]{32}$/);
  });

  test('says what is wrong, and what to do next, when what was typed cannot be sent to', async () => {
    const send = (args: readonly string[], env = {}) => runHark(['trace', ...BAD_IMAGE, ...args], { env });
    const noScheme = await send(['--otlp', 'localhost:4318']);
    assert.equal(noScheme.code, 2);
    assert.match(
      noScheme.stderr,
      /--otlp is "localhost:4318"; wanted is a URL .*\n {2}For example: http:\/\/localhost:4318/,
    );
    const protocol = await send(['--otlp', 'http://127.0.0.1:1'], { OTEL_EXPORTER_OTLP_PROTOCOL: 'http' });
    assert.equal(protocol.code, 2);
    assert.match(
      protocol.stderr,
      /OTEL_EXPORTER_OTLP_PROTOCOL is "http"; wanted is one of http\/protobuf, http\/json, grpc/,
    );
    const alone = await send(['--logs']);
    assert.equal(alone.code, 2);
    assert.match(alone.stderr, /--otlp is missing/);
  });

  test('exits with 3 and says why when nobody listens, or the receiver does not take it', async () => {
    const send = (url: string, env = {}) =>
      runHark(['trace', ...BAD_IMAGE, '--otlp', url], { env: { OTEL_EXPORTER_OTLP_TIMEOUT: '500', ...env } });
    const nobody = await send('http://127.0.0.1:1');
    assert.equal(nobody.code, 3);
    assert.match(
      nobody.stderr,
      /Can't send traces to http:\/\/127\.0\.0\.1:1\/v1\/traces \(http\/protobuf\): .*ECONNREFUSED/,
    );
    assert.match(nobody.stderr, /Does a Collector, Jaeger or Tempo listen there\?/);
    const lost = await send((await startHttpReceiver({ status: 404, body: 'no such page' })).url);
    assert.equal(lost.code, 3);
    assert.match(lost.stderr, /404 Not Found: no such page\n {2}Is it the base URL/);
    const busy = await send((await startHttpReceiver({ status: 503 })).url);
    assert.equal(busy.code, 3);
    assert.match(busy.stderr, /Can't send traces to .*: Export failed with retryable status/);
    const grpcOnly = await send((await startGrpcReceiver()).url);
    assert.equal(grpcOnly.code, 3);
    assert.match(grpcOnly.stderr, /It may speak gRPC .*OTEL_EXPORTER_OTLP_PROTOCOL=grpc/);
    const unknown = await send((await startGrpcReceiver(12, 'unknown service')).url, {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    });
    assert.equal(unknown.code, 3);
    assert.match(unknown.stderr, /UNIMPLEMENTED: unknown service\n {2}It may speak HTTP/);
  });

  test('exits with 4 when the receiver wants to know who sends', async () => {
    const { url } = await startHttpReceiver({ status: 401, body: 'no token' });
    const { code, stderr } = await runHark(['trace', ...BAD_IMAGE, '--otlp', url]);
    assert.equal(code, 4);
    assert.match(
      stderr,
      /Not allowed to send traces to .*: 401 Unauthorized: no token\n.*OTEL_EXPORTER_OTLP_HEADERS/,
    );
  });

  test('says how many spans the receiver did not take, and why, when it takes only some', async () => {
    const body = JSON.stringify({ partialSuccess: { rejectedSpans: '3', errorMessage: 'too old' } });
    const { url } = await startHttpReceiver({ body });
    const { code, stderr } = await runHark(['trace', ...BAD_IMAGE, '--otlp', url], {
      env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    });
    assert.equal(code, 3);
    assert.match(stderr, /^too old$/m);
    assert.match(stderr, /did not take 3 of \d+ spans/);
  });
});
