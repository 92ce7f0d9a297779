import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import {
  type Layout,
  layOutMustGather,
  layOutSupportBundle,
  makeTempDirectory,
  packTar,
  printKubectlYaml,
  writeLayout,
} from '../../test/dump-layouts.ts';
import fc from '../../test/fast-check.ts';
import {
  readRecordedWatch,
  readRecording,
  readRecordingBytes,
  recordingPath,
} from '../../test/read-recording.ts';
import { identify } from '../events/identity.ts';
import { parseEvent } from '../events/parse-event.ts';
import { printEvent } from '../events/print-event.ts';
import type { Sighting } from '../events/sighting.ts';
import { HarkError } from '../lib/errors.ts';
import { parseTime } from '../lib/rfc3339.ts';
import { assignCluster } from './assign-cluster.ts';
import { type DumpSummary, startSummary } from './dump.ts';
import { type DumpInput, readDump } from './read-dump.ts';

interface ReadAll {
  readonly sightings: readonly Sighting[];
  readonly summary: DumpSummary;
}

async function readAll(input: DumpInput): Promise<ReadAll> {
  const summary = startSummary();
  const sightings: Sighting[] = [];
  for await (const batch of readDump(input, { summary })) sightings.push(...batch.sightings);
  return { sightings, summary };
}

/** Reads bytes as if they came in through stdin, in small chunks. */
async function readBytes(content: string | Uint8Array): Promise<ReadAll> {
  return await readAll({ path: '-', bytes: cutUp(Buffer.from(content)) });
}

async function* cutUp(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

/** The Events by their identity, as the API server prints them in `v1`. */
function printAll(sightings: readonly Sighting[]): Map<string, unknown> {
  const sorted = sightings.map(({ event }) => [identify(event), printEvent(event, 'v1')] as const);
  return new Map(sorted.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const TRUTH = JSON.parse(readRecording('dumps/truth.json')) as { items: Readonly<Record<string, unknown>>[] };
const TRUE_EVENTS = printAll(
  TRUTH.items.map((item) => ({ event: parseEvent(item, 'v1'), deleted: false, at: 0 })),
);
const KUBE_SYSTEM = readRecording('dumps/kube-system.uid');

const SAVED = [
  'events.json',
  'events.yaml',
  'events-new.yaml',
  'mixed.json',
  'mixed.yaml',
  'raw.json',
  'watch.json',
  'watch.yaml',
  'watch-events.json',
  'watch-events.yaml',
  'cluster-info-dump.json',
  'cluster-info-dump.yaml',
];

for (const version of ['1.20', '1.32'])
  for (const file of SAVED)
    test(`readDump reads every Event when kubectl ${version} saved ${file}`, async () => {
      const { sightings, summary } = await readAll({
        path: recordingPath(`dumps/kubectl-${version}/${file}`),
      });
      assert.deepEqual(printAll(sightings), TRUE_EVENTS);
      assert.equal(sightings.length, TRUE_EVENTS.size);
      assert.deepEqual([summary.unreadable, summary.cut.size, summary.textLines], [0, 0, 0]);
    });

for (const version of ['1.20', '1.32'])
  for (const file of ['cluster-info-dump.tar.gz', 'cluster-info-dump-yaml.tar.gz'])
    test(`readDump reads every Event when kubectl ${version} wrote a directory, packed as ${file}`, async () => {
      const { sightings, summary } = await readAll({
        path: recordingPath(`dumps/kubectl-${version}/${file}`),
      });
      assert.deepEqual(printAll(sightings), TRUE_EVENTS);
      assert.equal(summary.filesWithEvents, 2);
      assert.equal(summary.files, 40);
    });

test('readDump reads the Event when there is one alone', async () => {
  const { sightings } = await readBytes(readRecordingBytes('dumps/kubectl-1.32/single.yaml'));
  assert.deepEqual(
    sightings.map(({ event }) => event.name),
    ['by-hand.1'],
  );
});

test('readDump counts the objects of other kinds and finds the cluster when a list is mixed', async () => {
  for (const file of ['mixed.json', 'mixed.yaml']) {
    const { summary } = await readBytes(readRecording(`dumps/kubectl-1.20/${file}`));
    assert.deepEqual(
      summary.others,
      new Map([
        ['Pod', 4],
        ['Namespace', 5],
      ]),
    );
    assert.deepEqual(summary.clusters, [{ file: '', uid: KUBE_SYSTEM }]);
  }
});

test('readDump gives the objects of other kinds when they are asked for', async () => {
  for (const file of ['mixed.json', 'mixed.yaml']) {
    const found: unknown[] = [];
    const input = { path: recordingPath(`dumps/kubectl-1.20/${file}`) };
    for await (const { objects } of readDump(input, { summary: startSummary(), objects: true }))
      for (const { kind, object } of objects) {
        assert.equal(object.kind, kind);
        found.push(kind);
      }
    assert.deepEqual(Map.groupBy(found, (kind) => kind).get('Pod')?.length, 4);
    assert.equal(found.length, 9);
  }
});

test('readDump gives objects with their kind when only their list tells it', async () => {
  for (const file of ['cluster-info-dump.json', 'cluster-info-dump.yaml']) {
    const counts = new Map<string, number>();
    const summary = startSummary();
    const input = { path: recordingPath(`dumps/kubectl-1.32/${file}`) };
    for await (const { objects } of readDump(input, { summary, objects: true }))
      for (const { kind, object } of objects) {
        assert.equal(object.kind, kind);
        assert.match(String(object.apiVersion), /^(apps\/)?v1$/);
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
    assert.deepEqual(counts, summary.others);
  }
});

test('readDump tells when an object was heard of and whether it is gone when it reads a recording', async () => {
  const lines = readRecordedWatch('v1.36/b-bad-image/objects.jsonl');
  const found: unknown[] = [];
  const input = { path: recordingPath('v1.36/b-bad-image/objects.jsonl') };
  for await (const { objects } of readDump(input, { summary: startSummary(), objects: true }))
    found.push(...objects.map(({ at, deleted }) => ({ at, deleted })));
  assert.deepEqual(
    found,
    lines.map(({ at, type }) => ({ at: parseTime(at), deleted: type === 'DELETED' })),
  );
});

test('readDump names the kind of items when only their list tells it', async () => {
  for (const file of ['cluster-info-dump.json', 'cluster-info-dump.yaml']) {
    const { summary } = await readBytes(readRecording(`dumps/kubectl-1.32/${file}`));
    assert.deepEqual([...summary.others.keys()].sort(), ['Deployment', 'Pod', 'ReplicaSet', 'Service']);
  }
});

test('readDump keeps the time of arrival and what was deleted when it reads a recording', async () => {
  const lines = readRecordedWatch('v1.36/b-bad-image/events-core-v1.jsonl');
  const { sightings } = await readBytes(readRecording('v1.36/b-bad-image/events-core-v1.jsonl'));
  assert.deepEqual(
    sightings,
    lines.map((line) => ({
      event: parseEvent(line.object),
      deleted: line.type === 'DELETED',
      at: parseTime(line.at),
    })),
  );
  assert.ok(sightings.some(({ deleted }) => deleted));
});

test('readDump dates a deletion by what was seen before it when lines of a watch tell no time', async () => {
  const { sightings } = await readBytes(readRecording('v1.20/x-expiry/watch.jsonl'));
  const deletions = sightings.filter(({ deleted }) => deleted);
  assert.ok(deletions.length > 0);
  for (const { at } of deletions) {
    const before = sightings.slice(
      0,
      sightings.findIndex((seen) => seen.at === at && seen.deleted),
    );
    assert.equal(
      at,
      Math.max(...before.map((seen) => seen.event.creationTimestamp ?? 0), ...before.map((seen) => seen.at)),
    );
  }
});

test('readDump reads the same when a file is compressed, in UTF-16 or in an archive', async () => {
  const json = readRecordingBytes('dumps/kubectl-1.32/events.json');
  const tar = await packTar({ 'a/events.json': json, 'a/notes.txt': 'nothing' });
  const forms = {
    gzip: gzipSync(json),
    'gzip twice': gzipSync(gzipSync(json)),
    'gzip in members': Buffer.concat([gzipSync(json.subarray(0, 999)), gzipSync(json.subarray(999))]),
    zstd: zstdCompressSync(json),
    'PowerShell UTF-16': Buffer.from(`\ufeff${json.toString('utf8').replaceAll('\n', '\r\n')}`, 'utf16le'),
    'UTF-16 without a mark': Buffer.from(json.toString('utf8'), 'utf16le'),
    'UTF-16 of the other order': Buffer.from(`\ufeff${json.toString('utf8')}`, 'utf16le').swap16(),
    'UTF-16 of the other order, without a mark': Buffer.from(json.toString('utf8'), 'utf16le').swap16(),
    'Windows line ends': json.toString('utf8').replaceAll('\n', '\r\n'),
    'UTF-8 with a mark': Buffer.concat([Buffer.from('\ufeff'), json]),
    tar,
    'tar.gz': gzipSync(tar),
    'tar in tar.gz': gzipSync(await packTar({ 'inner.tar': tar, 'x.gz': gzipSync('no') })),
  };
  for (const [form, bytes] of Object.entries(forms))
    assert.deepEqual(printAll((await readBytes(bytes)).sightings), TRUE_EVENTS, form);
});

/** Reads a layout as a directory, as a tar and as a tar.gz. */
async function readLayout(t: TestContext, layout: Layout): Promise<ReadAll[]> {
  const directory = await makeTempDirectory(t);
  await writeLayout(directory, layout);
  const tar = await packTar(layout);
  return [await readAll({ path: directory }), await readBytes(tar), await readBytes(gzipSync(tar))];
}

test('readDump reads the Events of a must-gather, and not those of its audit log', async (t) => {
  for (const { sightings, summary } of await readLayout(t, layOutMustGather(TRUTH.items, KUBE_SYSTEM))) {
    assert.deepEqual(printAll(sightings), TRUE_EVENTS);
    assert.deepEqual([summary.filesWithEvents, summary.files, summary.unreadable], [2, 11, 0]);
    assert.deepEqual(
      summary.clusters.map(({ uid }) => uid),
      [KUBE_SYSTEM],
    );
  }
});

test('readDump reads the Events of a support bundle when they tell their kind or not', async (t) => {
  for (const style of ['array', 'list'] as const)
    for (const { sightings, summary } of await readLayout(
      t,
      layOutSupportBundle(TRUTH.items, KUBE_SYSTEM, style),
    )) {
      assert.deepEqual(printAll(sightings), TRUE_EVENTS);
      assert.deepEqual(
        summary.clusters.map(({ uid }) => uid),
        [KUBE_SYSTEM],
      );
      assert.equal(summary.version, 'v1.20.2');
    }
});

test('readDump reads a file per Event, as Velero and crust-gather write it, and what sos saves under names of its own', async (t) => {
  const files = TRUTH.items.map((event, index) => {
    const { name = index, namespace = '' } = event.metadata as { name?: string; namespace?: string };
    return { path: `namespaces/${namespace}/${name}`, event: { kind: 'Event', apiVersion: 'v1', ...event } };
  });
  const list = JSON.stringify({ kind: 'List', apiVersion: 'v1', items: files.map(({ event }) => event) });
  const layouts: Record<string, Layout> = {
    velero: Object.fromEntries(
      ['resources/events', 'resources/events/v1-preferredversion'].flatMap((folder) =>
        files.map(({ path, event }) => [`${folder}/${path}.json`, JSON.stringify(event)]),
      ),
    ),
    'crust-gather': Object.fromEntries(
      files.map(({ path, event }) => [`${path}.yaml`, printKubectlYaml(event).replaceAll('\n', '\r\n')]),
    ),
    sos: {
      'sosreport-a/sos_commands/kubernetes/kubectl_get_events': readRecording('dumps/kubectl-1.32/table.txt'),
      'sosreport-a/sos_commands/kubernetes/cluster-info/shop/kubectl_get_-o_json_--namespace_shop_events':
        list,
      'sosreport-a/sos_logs/ui.log': 'nothing',
    },
  };
  for (const [name, layout] of Object.entries(layouts))
    for (const { sightings, summary } of await readLayout(t, layout)) {
      assert.deepEqual(printAll(sightings), TRUE_EVENTS, name);
      assert.deepEqual([summary.unreadable, summary.refused.length], [0, name === 'sos' ? 1 : 0], name);
    }
});

test('readDump and assignCluster keep the dumps in one folder apart, and guess no cluster where one does not tell', async (t) => {
  const inFolder = (folder: string, layout: Layout): Layout =>
    Object.fromEntries(Object.entries(layout).map(([path, content]) => [`${folder}/${path}`, content]));
  const events = printKubectlYaml({ kind: 'List', apiVersion: 'v1', items: TRUTH.items });
  const layout = {
    ...inFolder('east', layOutSupportBundle(TRUTH.items, 'uid-east', 'array')),
    ...inFolder('west', layOutMustGather(TRUTH.items, 'uid-west')),
    'north.tar.gz': gzipSync(await packTar(layOutSupportBundle(TRUTH.items, 'uid-north', 'list'))),
    'south/events.yaml': events,
  };
  const directory = await makeTempDirectory(t);
  await writeLayout(directory, layout);
  const summary = startSummary();
  const files = new Set<string>();
  for await (const { file, sightings } of readDump({ path: directory }, { summary }))
    if (sightings.length > 0) files.add(file);
  const assigned = [...files].map((file) =>
    [file.split('/')[0], assignCluster(file, summary.clusters)].join(),
  );
  assert.deepEqual([...new Set(assigned)].sort(), [
    'east,uid-east',
    'north.tar.gz,uid-north',
    'south,',
    'west,uid-west',
  ]);
});

test('readDump reads Events that others have kept, in whatever carries them', async () => {
  const [first] = TRUTH.items;
  const text = JSON.stringify(first);
  const carriers = {
    eventrouter: { verb: 'UPDATED', event: first, old_event: first },
    'event-exporter': { ...first, kind: undefined, apiVersion: undefined, clusterName: 'prod' },
    'a line of Elasticsearch': { _index: 'events', _source: first },
    'an answer of Elasticsearch': {
      took: 1,
      hits: { total: { value: 1 }, hits: [{ _source: { event: first } }] },
    },
    'Cloud Logging': { insertId: '1', logName: 'projects/p/logs/events', jsonPayload: first },
    'a log line': { ts: 1, stream: 'stdout', log: text },
    Loki: { status: 'success', data: { result: [{ stream: { app: 'x' }, values: [['1', text]] }] } },
    'a log record of OTLP': {
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: text } }] }] }],
    },
  };
  for (const [what, line] of Object.entries(carriers)) {
    const { sightings, summary } = await readBytes(`${JSON.stringify(line)}\n`);
    assert.deepEqual(
      [...new Set(sightings.map(({ event }) => event.uid))],
      [(first as { metadata: { uid: string } }).metadata.uid],
      what,
    );
    assert.deepEqual([summary.unreadable, [...summary.others]], [0, []], what);
  }
});

test('readDump takes no text for an Event that is none', async () => {
  const { sightings, summary } = await readBytes(
    `${JSON.stringify({ log: '{"involvedObject": cut', message: '{"regarding": {"kind": "Pod"}}' })}\n`,
  );
  assert.deepEqual([sightings, summary.unreadable, [...summary.others]], [[], 0, [['', 1]]]);
});

test('readDump follows links once and tells what it cannot open', async (t) => {
  const directory = await makeTempDirectory(t);
  await writeLayout(directory, {
    'a/events.json': readRecordingBytes('dumps/kubectl-1.32/events.json'),
  });
  await symlink('..', join(directory, 'a/loop'));
  await symlink('nowhere', join(directory, 'dangling'));
  const { sightings, summary } = await readAll({ path: directory });
  assert.equal(sightings.length, TRUE_EVENTS.size);
  assert.ok(
    summary.unopened.includes('"dangling": there is no such file or directory'),
    summary.unopened.join(),
  );
});

test('readDump gives what comes before when a file is cut off', async () => {
  const json = readRecordingBytes('dumps/kubectl-1.20/events.json');
  const yaml = readRecordingBytes('dumps/kubectl-1.20/events.yaml');
  const tar = await packTar({ 'events.json': json, 'b.json': json });
  const forms = {
    json: json.subarray(0, json.length / 2),
    yaml: yaml.subarray(0, yaml.length / 2),
    gzip: gzipSync(json).subarray(0, 1500),
    tar: tar.subarray(0, json.length / 2),
  };
  for (const [form, bytes] of Object.entries(forms)) {
    const { sightings, summary } = await readBytes(bytes);
    assert.ok(sightings.length > 0 && sightings.length < TRUE_EVENTS.size, `${form}: ${sightings.length}`);
    assert.equal(summary.cut.size > 0, true, form);
    for (const [id, event] of printAll(sightings)) assert.deepEqual(event, TRUE_EVENTS.get(id), form);
  }
});

test('readDump skips and counts what is no Event', async () => {
  const [first, second] = TRUTH.items;
  const list = {
    kind: 'List',
    items: [first, 5, { kind: 'Event', apiVersion: 'audit.k8s.io/v1' }, second, null],
  };
  const { sightings, summary } = await readBytes(`W1123 warning\n${JSON.stringify(list)}`);
  assert.equal(sightings.length, 2);
  assert.deepEqual([summary.unreadable, summary.textLines], [2, 1]);
  assert.deepEqual(summary.others, new Map([['Event of audit.k8s.io/v1', 1]]));
});

test('readDump says what a file is when it cannot be read', async () => {
  const table = readRecordingBytes('dumps/kubectl-1.20/table.txt');
  const refusals: readonly [content: string | Uint8Array, code: string, words: RegExp][] = [
    ['', 'empty-file', /"-": it is empty/],
    [' \n\n', 'empty-file', /it is empty/],
    ['hello', 'unknown-format', /neither JSON nor YAML/],
    [table, 'unknown-format', /the table that kubectl prints/],
    [readRecordingBytes('v1.36/_wire/list-kube-system.protobuf.bin'), 'unknown-format', /protobuf/],
    ['<!DOCTYPE html><html></html>', 'unknown-format', /web page/],
    ['PK\x03\x04', 'unknown-format', /zip archive/],
    ['SQLite format 3\0', 'unknown-format', /store of Hark/],
    [gzipSync(table).subarray(0, 8), 'empty-file', /damaged/],
  ];
  for (const [content, code, words] of refusals)
    await assert.rejects(readBytes(content), (error) => {
      assert.ok(error instanceof HarkError);
      assert.equal(error.code, code);
      assert.match(error.message, words);
      assert.notEqual(error.hint, '');
      return true;
    });
});

test('readDump says what to type to read an archive that it does not unpack', async (t) => {
  const path = join(await makeTempDirectory(t), "Ann's dump");
  const unpacked: readonly [magic: string, hint: string][] = [
    ['PK\x03\x04', `unzip -d unzipped '${path.replace("'", "'\\''")}' && hark events -A --from unzipped`],
    ['BZh', `bzip2 -dc '${path.replace("'", "'\\''")}' | hark events -A --from -`],
    ['\xfd7zXZ\0', `xz -dc '${path.replace("'", "'\\''")}' | hark events -A --from -`],
  ];
  for (const [magic, hint] of unpacked) {
    await writeFile(path, Buffer.from(magic, 'latin1'));
    await assert.rejects(
      readAll({ path }),
      (error) => error instanceof HarkError && error.hint.endsWith(`: ${hint}`),
    );
  }
  await assert.rejects(readBytes('BZh'), { hint: /bzip2 -dc FILE \|/ });
});

test('readDump says so when there is no such file', async (t) => {
  const path = join(await makeTempDirectory(t), 'nope');
  await assert.rejects(readAll({ path }), {
    code: 'no-such-file',
    message: `cannot read "${path}": there is no such file or directory`,
  });
});

test('readDump stops when the signal aborts', async (t) => {
  const path = join(await makeTempDirectory(t), 'events.json');
  await writeFile(path, readRecordingBytes('dumps/kubectl-1.32/events.json'));
  const signal = AbortSignal.abort(new Error('enough'));
  const read = async () => {
    for await (const _ of readDump({ path }, { summary: startSummary(), signal })) assert.fail('read on');
  };
  await assert.rejects(read, { message: 'enough' });
});

test('readDump holds no list when it is large', async () => {
  const item = JSON.stringify(TRUTH.items[0]);
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"kind":"EventList","apiVersion":"v1","items":[');
    for (let i = 0; i < 4_000; i++) yield Buffer.from(`${i === 0 ? '' : ','}${item}`);
    yield Buffer.from(']}');
  }
  let most = 0;
  let total = 0;
  for await (const batch of readDump({ path: '-', bytes: endless() }, { summary: startSummary() })) {
    most = Math.max(most, batch.sightings.length);
    total += batch.sightings.length;
  }
  assert.equal(total, 4_000);
  assert.ok(most <= 100, `${most} Events at once`);
});

test('readDump reads YAML when it is out of the ordinary', async () => {
  const event = TRUTH.items[0];
  const text = printKubectlYaml(event).replace(/^type: (.*)$/m, 'type: &t !!str $1 # a comment');
  const { sightings, summary } = await readBytes(`${text}`);
  assert.deepEqual([sightings.length, summary.unreadable], [1, 0]);
  assert.deepEqual(sightings[0]?.event, parseEvent(event));
});

test('readDump loses no more than the item when one in YAML is damaged', async () => {
  const items = readRecording('dumps/kubectl-1.20/events.yaml').split(/^(?=- |kind:)/m);
  const damages = fc.constantFrom(...'"{[|>#%\t', "'", '&a ', '*a ', '!x ', ': ', '\n  x');
  let lost = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: TRUE_EVENTS.size }),
      fc.nat(),
      damages,
      async (number, at, damage) => {
        const item = items[number] ?? '';
        const places = [...item.matchAll(/(?<=^ {2}.*)./gm)];
        const place = places[at % places.length]?.index;
        const damaged = item.slice(0, place) + damage + item.slice(place);
        const { sightings, summary } = await readBytes(items.with(number, damaged).join(''));
        const read = [...printAll(sightings)].filter(([id, event]) =>
          isDeepStrictEqual(event, TRUE_EVENTS.get(id)),
        );
        assert.ok(read.length >= TRUE_EVENTS.size - 1, `${read.length} are whole`);
        assert.ok(sightings.length + summary.unreadable + summary.others.size >= TRUE_EVENTS.size);
        lost += summary.unreadable;
      },
    ),
    { numRuns: 60 },
  );
  assert.ok(lost > 0);
});
