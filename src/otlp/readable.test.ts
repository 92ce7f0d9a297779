import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonLogsSerializer, JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { readRecorded, tellRecorded } from '../../test/tell-recording.ts';
import { logRecordsOf } from '../traces/log-records.ts';
import { toResourceLogs, toResourceSpans } from '../traces/otlp-json.ts';
import { traceStories } from '../traces/trace-stories.ts';
import { openConverter } from './readable.ts';

const SCOPE = { name: 'kubectl-hark', version: '0.0.0' };
const told = tellRecorded(readRecorded('v1.36/z-mixed-all-namespaces', true));
const traces = traceStories(told.stories, told);

/** Without what says nothing (zeros, empty lists and texts), and with 64-bit numbers as text: the two ways to write the same. */
function normalize(value: unknown): unknown {
  const parse = (key: string, each: unknown) => {
    if (key === 'intValue') return String(each);
    return each === 0 || each === '' || (Array.isArray(each) && each.length === 0) ? undefined : each;
  };
  return JSON.parse(JSON.stringify(value), parse);
}

function decode(bytes: Uint8Array | undefined): unknown {
  return normalize(JSON.parse(new TextDecoder().decode(bytes)));
}

test('openConverter makes of spans what the exporters write as otlp-json prints it', () => {
  const spans = traces.flatMap((trace) => trace.spans);
  const written = JsonTraceSerializer.serializeRequest(spans.map(openConverter(SCOPE).convertSpan));
  assert.ok(spans.length > 100 && spans.some(({ links }) => links.length > 0));
  assert.deepEqual(decode(written), normalize({ resourceSpans: toResourceSpans(spans, SCOPE) }));
});

test('openConverter makes of log records what the exporters write as otlp-logs-json prints it', () => {
  const records = told.stories.flatMap((story, index) => {
    const trace = traces[index];
    return trace === undefined ? [] : logRecordsOf(story, trace, told.heard);
  });
  const written = JsonLogsSerializer.serializeRequest(records.map(openConverter(SCOPE).convertLog));
  assert.ok(records.length > 200);
  assert.deepEqual(decode(written), normalize({ resourceLogs: toResourceLogs(records, SCOPE) }));
});
