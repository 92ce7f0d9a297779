import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runHere } from '../cli/run-here.ts';
import { makeFolder, startHark } from '../cli/start-hark.ts';
import { followProcess } from '../listen-harness.ts';
import { readLive } from './read-live.ts';

const DEMO = join(import.meta.dirname, '../../demo/cluster.jsonl.gz');
const NOW = '2026-11-23T16:30:00Z';
const CLUSTERS = ['one', 'two'];

/** A store that two clusters were imported into, with what a listener would have said of one. */
async function fillStore(): Promise<string> {
  const store = join(makeFolder(), 'events.db');
  const recordings = [
    DEMO,
    join(import.meta.dirname, '../recordings/v1.36/c-crashloop/events-core-v1.jsonl.gz'),
  ];
  for (const [index, file] of recordings.entries()) {
    const { code, stderr } = await runHere([
      'import',
      file,
      '--cluster',
      CLUSTERS[index] ?? '',
      '--store',
      store,
    ]);
    assert.equal(code, 0, stderr);
  }
  return store;
}

/** Starts `hark serve` and waits for its address. */
async function startServing(args: readonly string[], env: Record<string, string> = {}) {
  const child = startHark(['serve', '--listen', '127.0.0.1:0', ...args], { env });
  const process = followProcess(child);
  await process.says(/Hark is at \S+\n/);
  const url = /Hark is at (\S+)\n/.exec(process.stderr())?.[1] ?? '';
  return { ...process, url };
}

const COMMANDS = [
  'events -A',
  'events -A -o wide --limit 9',
  'events -A -o json --type Warning --since 2026-11-23T16:26:00Z',
  'events -A -o csv --grep (?i)back-off --context one',
  'events -n shop -o yaml --for deploy/podinfo,pod/podinfo-5c5dff7b9b-2dcz9',
  'events -n shop --kind pod --component kubelet --reason Failed,BackOff -o jsonl',
  'events -n shop,payments -o name --text back* --until 2026-11-23T16:29:00Z',
  'events -n shop -o table --for deploy/podinfo --no-children',
  'describe -n shop pod/podinfo-5c5dff7b9b-2dcz9',
  'describe -n shop deploy/podinfo --tree',
  'story -A -o json',
  'story -n shop deploy/podinfo',
  'story -n shop deploy/podinfo -o markdown',
  'story -n shop,payments --since 2026-11-23T16:25:00Z --limit 3 --all',
  'why -A',
  'why -n payments -o json',
  'top -A',
  'top objects -A -o json --type Warning',
  'top namespaces -n shop,payments --text image',
  'trace -A -o otlp-json',
  'trace -n shop deploy/podinfo',
  'trace -n shop,payments -o otlp-json --since 2026-11-23T16:25:00Z',
].map((line) => line.split(' '));

test('every reading command prints the same bytes with --server as with --store', async () => {
  const store = await fillStore();
  const server = await startServing(['--store', store]);
  for (const words of COMMANDS) {
    const args = [...words, '--now', NOW];
    const local = await runHere([...args, '--store', store]);
    const remote = await runHere([...args, '--server', server.url]);
    assert.equal(remote.stdout, local.stdout, words.join(' '));
    assert.equal(remote.code, local.code, `${words.join(' ')}: ${remote.stderr}`);
    assert.ok(local.stdout.length > 0, `${words.join(' ')}: ${local.stderr}`);
  }
  const stories = await runHere([
    'story',
    '-A',
    '-o',
    'json',
    '--limit',
    '1000',
    '--now',
    NOW,
    '--store',
    store,
  ]);
  const shown = JSON.parse(stories.stdout) as { items: { id: string }[] };
  const response = await fetch(`${server.url}/v1/stories?limit=1000`);
  const served = (await response.json()) as { items: { id: string }[] };
  assert.deepEqual(served.items.map(({ id }) => id).toSorted(), shown.items.map(({ id }) => id).toSorted());
  assert.deepEqual((await server.end('SIGTERM')).code, 0);
});

test('hark events -w --server goes on with what is stored, and where it was after the server came back', async () => {
  const store = await fillStore();
  const server = await startServing(['--store', store]);
  const port = new URL(server.url).port;
  const watch = startHark(['events', '-A', '-w', '-o', 'name', '--server', server.url]);
  let stdout = '';
  const bell = new EventTarget();
  watch.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    bell.dispatchEvent(new Event('data'));
  });
  after(() => watch.kill('SIGKILL'));
  const lines = () => stdout.split('\n').length - 1;
  const until = async (count: number) => {
    while (lines() < count)
      await new Promise((resolve) => bell.addEventListener('data', resolve, { once: true }));
  };
  const { stdout: all } = await runHere(['events', '-A', '-o', 'name', '--store', store]);
  const first = all.split('\n').length - 1;
  await until(first);
  await server.end('SIGTERM');
  const recording = join(import.meta.dirname, '../recordings/v1.36/b-bad-image/events-core-v1.jsonl.gz');
  const imported = await runHere(['import', recording, '--cluster', 'two', '--store', store]);
  assert.equal(imported.code, 0, imported.stderr);
  const child = startHark(['serve', '--listen', `127.0.0.1:${port}`, '--store', store]);
  await followProcess(child).says(/Hark is at/);
  const { stdout: now } = await runHere(['events', '-A', '-o', 'name', '--store', store]);
  const expected = now.split('\n').length - 1;
  assert.ok(expected > first);
  await until(expected);
  assert.deepEqual(stdout.split('\n').toSorted(), now.split('\n').toSorted());
});

test('--server tells in a sentence that nobody answers, that it is no Hark, that a token is wanted', async () => {
  const token = join(makeFolder(), 'token');
  writeFileSync(token, 'a-token-that-is-long-enough\n');
  const server = await startServing(['--from', DEMO, '--token-file', token]);
  const refused = await runHere(['events', '-A', '--server', server.url]);
  assert.equal(refused.code, 4);
  assert.match(refused.stderr, /a bearer token is wanted\n.*--token-file FILE or \$HARK_TOKEN/);
  const byFile = await runHere(['events', '-A', '-o', 'name', '--server', server.url, '--token-file', token]);
  assert.equal(byFile.code, 0, byFile.stderr);
  const env = { HARK_TOKEN: 'a-token-that-is-long-enough' };
  assert.deepEqual(
    (await runHere(['events', '-A', '-o', 'name', '--server', server.url], env)).stdout,
    byFile.stdout,
  );
  const wrong = await runHere(['events', '-A', '--server', server.url], { HARK_TOKEN: 'other' });
  assert.deepEqual([wrong.code, /this is not the bearer token/.test(wrong.stderr)], [4, true]);

  const other = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const noHark = await runHere(['why', '--server', `http://127.0.0.1:${port}`]);
  assert.deepEqual([noHark.code, /does not answer as a Hark server does/.test(noHark.stderr)], [3, true]);
  await server.end('SIGINT');
  const nobody = await runHere(['why', '--server', server.url]);
  assert.deepEqual(
    [nobody.code, /cannot reach the Hark server .* ECONNREFUSED/.test(nobody.stderr)],
    [3, true],
  );
  const noUrl = await runHere(['why', '--server', 'localhost:8471']);
  assert.deepEqual([noUrl.code, /is no URL of a Hark server/.test(noUrl.stderr)], [2, true]);
  const twice = await runHere(['why', '--server', server.url, '--from', DEMO]);
  assert.deepEqual([twice.code, /--server and --from exclude each other/.test(twice.stderr)], [2, true]);
  const noReader = await runHere(['listen', '--server', server.url]);
  assert.deepEqual([noReader.code, /hark listen reads from no server/.test(noReader.stderr)], [2, true]);
});

test('hark serve refuses in a sentence a port in use, others without protection, a wrong kubeconfig', async () => {
  const server = await startServing(['--from', DEMO]);
  const { port } = new URL(server.url);
  const folder = makeFolder();
  const [short, token] = [join(folder, 'short'), join(folder, 'token')];
  writeFileSync(short, 'guess\n');
  writeFileSync(token, 'a-token-that-is-long-enough\n');
  const refusals: [string[], RegExp][] = [
    [
      ['--from', DEMO, '--listen', `127.0.0.1:${port}`],
      /something else does already\n.*--listen 127.0.0.1:\d+/,
    ],
    [
      ['--from', DEMO, '--listen', '0.0.0.0:0'],
      /others can reach 0.0.0.0:0.*\n.*--tls-cert-file .* and --token-file/,
    ],
    [
      ['--from', DEMO, '--listen', '0.0.0.0:0', '--token-file', token],
      /others can reach.*\n {2}Add --tls-cert/,
    ],
    [['--from', DEMO, '--listen', '0.0.0.0:0', '--behind-proxy'], /others can reach.*\n {2}Add --token-file/],
    [['--from', DEMO, '--token-file', short], /holds no token/],
    [['--from', DEMO, '--listen', 'here'], /--listen "here" is not HOST:PORT/],
    [['--from', DEMO, '--tls-cert', token], /belong together/],
    [['--from', join(folder, 'none.json')], /none.json/],
    [['--kubeconfig', join(folder, 'none')], /none/],
  ];
  for (const [args, says] of refusals) {
    const { code, stderr } = await runHere(['serve', '--listen', '127.0.0.1:0', ...args]);
    assert.match(stderr, says);
    assert.ok(code === 2 || code === 3, `${args.join(' ')}: ${code}`);
    assert.equal(stderr.includes('    at '), false);
  }
  const open = await startServing([
    '--from',
    DEMO,
    '--listen',
    '0.0.0.0:0',
    '--behind-proxy',
    '--token-file',
    token,
  ]);
  await open.end('SIGTERM');
  await server.end('SIGTERM');
});

test('hark serve ends streams in words at SIGTERM and leaves nothing behind', async () => {
  const server = await startServing(['--from', DEMO]);
  const events: string[] = [];
  for await (const { event, data } of readLive(`${server.url}/v1/live?limit=3`)) {
    events.push(event === 'error' ? JSON.stringify(data) : event);
    if (event === 'live') assert.ok(server.pid > 0 && process.kill(server.pid, 'SIGTERM'));
  }
  assert.match(events.at(-1) ?? '', /"stopping"/);
  assert.deepEqual(await server.ended, { code: 0, signal: null });
});

test('hark serve --play lets a file happen again, then stands still with all of it', async () => {
  const server = await startServing(['--from', DEMO, '--play', '2s']);
  const heard = new Set<string>();
  const all = await runHere(['events', '-A', '-o', 'name', '--from', DEMO]);
  const expected = all.stdout.split('\n').length - 1;
  for await (const { event, data } of readLive(`${server.url}/v1/live?only=events&since=2000-01-01`)) {
    if (event !== 'events') continue;
    for (const { id } of (data as { items: { id: string }[] }).items) heard.add(id);
    if (heard.size === expected) break;
  }
  // Objects come as their time does.
  let objects: unknown[] = [];
  while (objects.length === 0) {
    const response = await fetch(`${server.url}/v1/objects`);
    objects = ((await response.json()) as { items: unknown[] }).items;
  }
  const remote = await runHere(['why', '-A', '-o', 'json', '--now', NOW, '--server', server.url]);
  const local = await runHere(['why', '-A', '-o', 'json', '--now', NOW, '--from', DEMO]);
  assert.deepEqual(JSON.parse(remote.stdout).findings.length, JSON.parse(local.stdout).findings.length);
  assert.equal((await server.end('SIGTERM')).code, 0);
});

test('hark serve --play ends as asked in the middle of what it plays, and wants a file', async () => {
  const server = await startServing(['--from', DEMO, '--play', '1h']);
  assert.equal((await server.end('SIGTERM')).code, 0);
  const { code, stderr } = await runHere(['serve', '--play', '1m']);
  assert.deepEqual([code, /--play plays a file: --from is missing/.test(stderr)], [2, true]);
});
