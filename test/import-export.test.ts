import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readObject } from '../src/objects/read-object.ts';
import { openSqliteStore } from '../src/store/sqlite/open-sqlite-store.ts';
import { makeFolder, runHark, startHark, waitForEnd } from './cli/start-hark.ts';
import { layOutMustGather, writeLayout } from './dump-layouts.ts';
import { readRecord } from './read-record.ts';
import { readRecording, recordingPath } from './read-recording.ts';
import { CLUSTER } from './store/batches.ts';
import { FORMAT_LAST_STATES } from './store/format-batches.ts';

const RECORDING = 'v1.36/b-bad-image/events-core-v1.jsonl';
const NIGHT = recordingPath(RECORDING);
const RECORDS = readRecord(RECORDING);
const REPEATS = RECORDS.reduce((sum, { points }) => sum + points.length - 1, 0);
/** The day after the recording: on a cluster nothing of it would be left. */
const NEXT_DAY = '2026-11-24T08:35:00Z';

describe('hark import, export and replay', { concurrency: 2 }, () => {
  test('import tells what it added, and that it knows it all when it is done again', async () => {
    const store = join(makeFolder(), 'a.db');
    const first = await runHark(['import', '--store', store, NIGHT]);
    assert.equal(first.code, 0);
    assert.equal(first.stderr, `To read it: hark events -A --context unknown --store ${store}\n`);
    assert.match(
      first.stdout,
      new RegExp(
        `: added ${RECORDS.length} Events, ${REPEATS} repeats; \\d+ seen in a later state; 0 unreadable\\n$`,
      ),
    );
    const again = await runHark(['import', '--store', store, NIGHT, '-o', 'json']);
    const [file] = JSON.parse(again.stdout);
    assert.deepEqual([file.added, file.repeats, file.unreadable], [0, 0, 0]);
    assert.equal(again.code, 0);
  });

  test('the first pull error is read the next day, with its count and its span, from an imported recording', async () => {
    const store = join(makeFolder(), 'a.db');
    await runHark(['import', '--store', store, NIGHT]);
    const pod =
      RECORDS.find(({ event }) => event.message.includes('pull access denied'))?.event.involvedObject.name ??
      assert.fail();
    const { stdout, code } = await runHark([
      'describe',
      `pod/${pod}`,
      '-n',
      'bad-image',
      '--store',
      store,
      '--now',
      NEXT_DAY,
    ]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /Warning\s+Failed\s+16h \(x5 over 17h\)\s+kubelet.*Failed to pull image "example": .*pull access denied, repository does not exist or may require authorization/,
    );
  });

  test('export and import carry what objects were last', async () => {
    const folder = makeFolder();
    const [a, b, one, two] = ['a.db', 'b.db', 'one.jsonl', 'two.jsonl'].map((name) => join(folder, name));
    assert.ok(a && b && one && two);
    const store = openSqliteStore({ file: a, mode: 'write' });
    const lastStates = FORMAT_LAST_STATES;
    const objects = lastStates.map(({ cluster, object }) => readObject(object, cluster, 1e15, 1e15));
    await store.write({ cluster: CLUSTER, sightings: [], objects, lastStates });
    await store.close();
    await runHark(['export', '--store', a, one]);
    const lines = readFileSync(one, 'utf8').split('\n');
    assert.equal(lines.filter((line) => line.includes('"last":{')).length, lastStates.length);
    const { stdout } = await runHark(['import', '--store', b, one]);
    assert.match(
      stdout,
      new RegExp(`added 0 Events, 0 repeats, ${objects.length} objects, 0 changes; 0 unreadable`),
    );
    await runHark(['export', '--store', b, two]);
    assert.equal(readFileSync(two, 'utf8'), readFileSync(one, 'utf8'));
    const again = await runHark(['export', '--from', one]);
    // Of the version of a cluster a file tells nothing.
    assert.deepEqual(again.stdout.split('\n').slice(1), lines.slice(1));
  });

  test('export writes what import makes the same record of, to the byte', async () => {
    const folder = makeFolder();
    const [a, b, one, two] = ['a.db', 'b.db', 'one.jsonl.gz', 'two.jsonl.gz'].map((name) =>
      join(folder, name),
    );
    assert.ok(a && b && one && two);
    await runHark(['import', '--store', a, NIGHT, recordingPath('dumps/kubectl-1.20/mixed.yaml')]);
    const exported = await runHark(['export', '--store', a, one]);
    assert.deepEqual([exported.code, exported.stdout], [0, '']);
    assert.match(
      exported.stderr,
      /^exported 53 Events, 51 repeats, 9 objects, 9 changes of 2 clusters to .*one\.jsonl\.gz\n$/,
    );
    await runHark(['import', '--store', b, one]);
    await runHark(['export', '--store', b, two]);
    assert.deepEqual(readFileSync(two), readFileSync(one));
    const piped = await runHark(['export', '--from', '-'], {
      input: gunzipSync(readFileSync(one)).toString('utf8'),
    });
    assert.equal(piped.stdout, gunzipSync(readFileSync(one)).toString('utf8'));
  });

  test('export writes a part when it is asked for one', async () => {
    const store = join(makeFolder(), 'a.db');
    await runHark(['import', '--store', store, '--cluster', 'night', NIGHT]);
    const { stdout } = await runHark([
      'export',
      '--store',
      store,
      '--reason',
      'BackOff',
      '--context',
      'night',
    ]);
    const [header, ...lines] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(header.clusters, [{ uid: 'name:night', name: 'night', version: '' }]);
    assert.deepEqual(
      lines.map(({ event }) => event.reason),
      RECORDS.filter(({ event }) => event.reason === 'BackOff').map(() => 'BackOff'),
    );
  });

  test('events and describe read an export as they read the record', async () => {
    const folder = makeFolder();
    const file = join(folder, 'a.jsonl');
    await runHark(['export', '--from', NIGHT, file]);
    const args = ['events', '-A', '--now', NEXT_DAY];
    const [fromExport, fromRecording] = await Promise.all([
      runHark([...args, '--from', file]),
      runHark([...args, '--from', NIGHT]),
    ]);
    assert.equal(fromExport.stdout, fromRecording.stdout);
  });

  test('import takes directories and standard input, and files a must-gather under its cluster', async () => {
    const folder = makeFolder();
    const store = join(folder, 'a.db');
    const { items } = JSON.parse(readRecording('dumps/truth.json'));
    await writeLayout(join(folder, 'must-gather'), layOutMustGather(items, 'the-uid'));
    const gathered = await runHark(['import', '--store', store, join(folder, 'must-gather')]);
    assert.match(
      gathered.stdout,
      new RegExp(
        `added ${items.length} Events, 0 repeats, 1 object, 0 changes; ${items.length} known already; 0 unreadable`,
      ),
    );
    assert.match(gathered.stderr, /2 of 11 files held Events/);
    const piped = await runHark(['import', '--store', store, '-'], {
      input: JSON.stringify({ kind: 'List', items }),
    });
    assert.match(piped.stdout, new RegExp(`^-: added ${items.length} Events`));
    const reader = openSqliteStore({ file: store, mode: 'read' });
    assert.deepEqual(
      (await reader.readClusters()).map(({ uid, name }) => [uid, name]),
      [
        ['the-uid', 'must-gather'],
        ['unknown', 'unknown'],
      ],
    );
    await reader.close();
  });

  test('import says what is wrong with a file, and exits with 2', async () => {
    const folder = makeFolder();
    const store = join(folder, 'a.db');
    writeFileSync(join(folder, 'hello'), 'hello');
    for (const [args, words] of [
      [['nope.json'], /no-such-file|cannot read ".*nope\.json": there is no such file/],
      [[join(folder, 'hello')], /neither JSON nor YAML/],
      [[recordingPath('dumps/kubectl-1.20/table.txt')], /the table that kubectl prints/],
      [[recordingPath('v1.36/_wire/list-as-Table.json')], /a Table as the API server makes it/],
      [[], /missing required argument/],
      [['--from', NIGHT, NIGHT], /--from .* has no place here/],
    ] as const) {
      const { code, stderr, stdout } = await runHark(['import', '--store', store, ...args]);
      assert.deepEqual([code, stdout], [2, ''], stderr);
      assert.match(stderr, words);
    }
  });

  test('import exits with 1 and says so when there are no Events', async () => {
    const folder = makeFolder();
    await writeLayout(join(folder, 'dump'), { 'a/b.txt': 'nothing', c: '{}' });
    const { code, stderr } = await runHark(['import', '--store', join(folder, 'a.db'), join(folder, 'dump')]);
    assert.equal(code, 1);
    assert.match(stderr, /0 of 2 files held Events/);
  });

  test('import is refused while another process writes the store', async () => {
    const file = join(makeFolder(), 'a.db');
    const writer = openSqliteStore({ file, mode: 'write' });
    const { code, stderr } = await runHark(['import', '--store', file, NIGHT]);
    await writer.close();
    assert.equal(code, 2);
    assert.match(stderr, /store ".*a\.db"/);
    assert.match(stderr, /writ/);
  });

  test('export says what to do when there is no store, and keeps the old file when it fails', async () => {
    const folder = makeFolder();
    const missing = await runHark(['export']);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /there is no store at .*\n.*hark listen or hark import FILE/);
    const old = join(folder, 'old.jsonl');
    writeFileSync(old, 'old');
    const cut = join(folder, 'cut.jsonl');
    writeFileSync(cut, `${JSON.stringify({ hark: 'export', version: 99 })}\n`);
    const failed = await runHark(['export', '--from', cut, old]);
    assert.match(failed.stderr, /export of format 99/);
    assert.equal(readFileSync(old, 'utf8'), 'old');
    const nowhere = await runHark(['export', '--from', NIGHT, join(folder, 'no/such/folder.jsonl')]);
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.stderr, /cannot write the export to ".*folder\.jsonl"/);
  });

  test('replay prints each Event and each of its repeats as it was heard, aged as of then', async () => {
    const { code, stdout } = await runHark(['replay', NIGHT, '--speed', 'max', '-o', 'jsonl']);
    const states = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(code, 0);
    assert.equal(states.length, RECORDS.length + REPEATS);
    const table = await runHark(['replay', NIGHT, '--speed', 'max', '--reason', 'BackOff']);
    assert.match(table.stdout, /0s .*BackOff/);
    assert.match(table.stdout, /\(x64 over 1\dm\)/);
  });

  test('replay refuses a speed that is none, and ends when it is interrupted', async () => {
    const refused = await runHark(['replay', NIGHT, '--speed', 'fast']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /--speed "fast" is not a number above 0/);
    const child = startHark(['replay', NIGHT, '--speed', '0.001']);
    for await (const _ of child.stdout) break;
    child.kill('SIGINT');
    assert.deepEqual(await waitForEnd(child), { code: 0, signal: null });
  });

  test('a gzipped file is read from standard input', async () => {
    const child = startHark(['events', '--from', '-', '-o', 'name']);
    child.stdin.end(gzipSync(readRecording(RECORDING)));
    let names = '';
    for await (const chunk of child.stdout) names += chunk;
    assert.equal(names.trimEnd().split('\n').length, RECORDS.length);
  });
});
