import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { load, YAML11_SCHEMA } from 'js-yaml';
import fc from '../../test/fast-check.ts';
import { readRecording } from '../../test/read-recording.ts';
import { compareRecordedEvents } from '../events/compare-events.ts';
import type { RecordedEvent } from '../events/event.ts';
import { parseEvent } from '../events/parse-event.ts';
import { printEvent } from '../events/print-event.ts';
import { displayWidth } from '../lib/display-width.ts';
import { parseTime } from '../lib/parse-time.ts';
import { createEventPrinter, EVENT_OUTPUTS, type EventOutput, type PrintOptions } from './event-printer.ts';

const NOW = parseTime('2026-11-23T17:00:00Z', 'now');
const RECORDED = readRecorded('v1.36/b-bad-image/events-core-v1.json');
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what must not be there
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

function readRecorded(path: string): RecordedEvent[] {
  const { items } = JSON.parse(readRecording(path)) as { items: object[] };
  return items.map((item) => record(item)).sort(compareRecordedEvents);
}

function record(object: object): RecordedEvent {
  const event = parseEvent({ kind: 'Event', apiVersion: 'v1', ...object });
  return { cluster: 'uid', event, occurrences: [], points: [], deletedAt: undefined };
}

async function print(
  form: EventOutput,
  pages: readonly (readonly RecordedEvent[])[],
  options: Partial<PrintOptions> & { readonly columns?: number } = {},
): Promise<string> {
  const stream = new PassThrough({ highWaterMark: 1 << 30 });
  const printer = await createEventPrinter(form, {
    output: { stream, isTTY: options.columns !== undefined, columns: options.columns },
    color: false,
    now: () => NOW,
    withNamespace: false,
    clusters: new Map([['uid', 'kind']]),
    endless: false,
    ...options,
  });
  for (const page of pages) await printer.print(page);
  await printer.end();
  return String(stream.read() ?? '');
}

test('createEventPrinter table prints a line for each Event, whole and in order, when it goes to a pipe', async () => {
  const lines = (await print('table', [RECORDED])).trimEnd().split('\n');
  assert.match(lines[0] ?? '', /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE$/);
  assert.equal(lines.length, RECORDED.length + 1);
  for (const [index, { event }] of RECORDED.entries())
    assert.ok(lines[index + 1]?.endsWith(`  ${event.message}`));
  const repeated = lines.find((line) => line.includes('Back-off pulling image "example"')) ?? '';
  assert.match(repeated, /^\S+ \(x64 over \S+\) +Normal +BackOff +pod\/podinfo-\S+ +Back-off/);
});

test('createEventPrinter table fits every terminal', async () => {
  for (const columns of [200, 140, 120, 100, 90]) {
    const lines = (await print('table', [RECORDED], { columns })).trimEnd().split('\n');
    for (const line of lines) assert.ok(displayWidth(line) <= columns, `${columns}: ${line}`);
    assert.equal(/MESSAGE$/.test(lines[0] ?? ''), columns >= 140, `${columns}: ${lines[0]}`);
  }
});

test('createEventPrinter table colours what is no Normal, and only that, when colour is wanted', async () => {
  const lines = (await print('table', [RECORDED], { color: true, columns: 200 })).split('\n');
  for (const line of lines.slice(1)) assert.equal(line.includes('\x1b[33m'), line.includes('Warning'), line);
  assert.ok(lines[0]?.startsWith('\x1b[2mLAST SEEN'));
});

test('createEventPrinter table names namespace and cluster when there may be several', async () => {
  const clusters = new Map([
    ['uid', 'kind'],
    ['other', 'prod'],
  ]);
  const [header, first] = (await print('table', [RECORDED], { withNamespace: true, clusters })).split('\n');
  assert.match(header ?? '', /^CLUSTER +NAMESPACE +LAST SEEN/);
  assert.match(first ?? '', /^kind +bad-image +\d/);
});

test('createEventPrinter table prints pages as they come when there is no end, columns only getting wider', async () => {
  const short = record({
    metadata: { name: 'a' },
    reason: 'A',
    type: 'Normal',
    involvedObject: { kind: 'Pod', name: 'a' },
  });
  const long = record({
    metadata: { name: 'b' },
    reason: 'VeryLongReason',
    type: 'Normal',
    involvedObject: { kind: 'Pod', name: 'b' },
  });
  const text = await print('table', [[short], [long], [short]], { endless: true });
  const starts = text.split('\n').map((line) => line.indexOf('pod/'));
  assert.deepEqual(
    starts.map((start) => start > 0),
    [false, true, true, true, false],
  );
  assert.ok((starts[1] ?? 0) < (starts[2] ?? 0) && starts[2] === starts[3], text);
});

test('createEventPrinter holds no more than the first page back', async () => {
  const one = RECORDED[0];
  assert.ok(one !== undefined);
  const many = Array.from({ length: 5_000 }, () => one);
  const stream = new PassThrough({ highWaterMark: 1 << 30 });
  const output = { stream, isTTY: false, columns: undefined };
  const options = {
    output,
    color: false,
    now: () => NOW,
    withNamespace: true,
    clusters: new Map(),
    endless: false,
  };
  for (const form of ['table', 'wide'] as const) {
    const printer = await createEventPrinter(form, options);
    await printer.print(many.slice(0, 10));
    assert.equal(stream.read(), null);
    await printer.print(many);
    assert.equal(String(stream.read()).trimEnd().split('\n').length, 5_011);
    await printer.end();
    assert.equal(stream.read(), null);
  }
});

test('createEventPrinter json and yaml print the same v1 List, an empty one too', async () => {
  const expected = RECORDED.map(({ event }) => printEvent(event, 'v1'));
  for (const records of [RECORDED, RECORDED.slice(0, 1), []]) {
    const pages = [records.slice(0, 3), records.slice(3)];
    const list = {
      apiVersion: 'v1',
      items: expected.slice(0, records.length),
      kind: 'List',
      metadata: { resourceVersion: '' },
    };
    assert.deepEqual(JSON.parse(await print('json', pages)), list);
    assert.deepEqual(load(await print('yaml', pages), { schema: YAML11_SCHEMA }), list);
  }
});

test('createEventPrinter json prints exactly what kubectl does of the same Events', async () => {
  const recorded = JSON.parse(readRecording('v1.36/b-bad-image/kubectl-get-events.json')) as {
    items: object[];
  };
  const text = await print('json', [recorded.items.map(record)]);
  assert.equal(text, `${JSON.stringify(recorded, null, 4)}\n`);
});

test('createEventPrinter prints objects one by one when there is no end', async () => {
  const pages = [RECORDED.slice(0, 1), RECORDED.slice(1, 2)];
  const names = RECORDED.slice(0, 2).map(({ event }) => event.name);
  const yaml = await print('yaml', pages, { endless: true });
  assert.deepEqual(
    yaml.split('---\n').map((text) => (load(text) as { metadata: { name: string } }).metadata.name),
    names,
  );
  const json = await print('json', pages, { endless: true });
  assert.deepEqual(
    json.split(/(?<=^\}\n)/m).map((text) => JSON.parse(text).metadata.name),
    names,
  );
});

test('createEventPrinter jsonl, csv and name print a line for each Event', async () => {
  const names = RECORDED.map(({ event }) => event.name);
  const jsonl = (await print('jsonl', [RECORDED])).trimEnd().split('\n');
  assert.deepEqual(
    jsonl.map((line) => JSON.parse(line)),
    RECORDED.map(({ event }) => printEvent(event, 'v1')),
  );
  assert.equal(await print('name', [RECORDED]), names.map((name) => `event/${name}\n`).join(''));
  const csv = await print('csv', [RECORDED]);
  assert.match(
    csv,
    /^cluster,namespace,lastSeen,firstSeen,count,type,reason,kind,object,fieldPath,component,host,message,event\r\n/,
  );
  const backOff = csv.split('\r\n').find((line) => line.includes(',BackOff,')) ?? '';
  assert.match(
    backOff,
    /^kind,bad-image,2026-11-23T\d\d:\d\d:\d\dZ,2026-11-23T\d\d:\d\d:\d\dZ,64,Normal,BackOff,Pod,podinfo-\S+,spec\.containers\{podinfo\},kubelet,node-1,"Back-off pulling image ""example""",podinfo-/,
  );
});

test('createEventPrinter csv prints its header when there are no Events, the other lines and tables nothing', async () => {
  assert.equal((await print('csv', [])).split('\r\n').length, 2);
  for (const form of ['table', 'wide', 'jsonl', 'name'] as const) assert.equal(await print(form, []), '');
});

test('createEventPrinter lets no control character reach a terminal, whatever an Event says', async () => {
  const text = fc.string({
    unit: fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\r',
      '\t',
      '\x1b',
      '[',
      '\x07',
      '\x9b',
      '\u202e',
      '日',
      '🚀',
      '"',
      '=',
    ),
  });
  const hostile = fc.record({
    type: text,
    reason: text,
    message: text,
    involvedObject: fc.record({ kind: text, name: text, fieldPath: text }),
    source: fc.record({ component: text, host: text }),
    metadata: fc.record({ name: text, namespace: text }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(hostile, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...EVENT_OUTPUTS),
      fc.constantFrom(40, 120, undefined),
      async (objects, form, columns) => {
        const printed = await print(form, [objects.map(record)], {
          withNamespace: true,
          ...(columns && { columns }),
        });
        const unsafe = printed.replaceAll('\r\n', '\n').match(CONTROLS);
        assert.equal(unsafe, null, JSON.stringify(printed));
      },
    ),
    { numRuns: 300 },
  );
});
