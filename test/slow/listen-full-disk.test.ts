import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { scaleEvents } from '../../bench/scale-events.ts';
import type { WireEvent } from '../api-server/event-storage.ts';
import { startApiServer } from '../api-server/start-api-server.ts';
import { homeOf, makeFolder, PROGRAM } from '../cli/start-hark.ts';
import { followProcess, startListening, untilStored } from '../listen-harness.ts';

const UNSHARE = ['--user', '--map-root-user', '--mount', 'sh', '-c'];

/** Runs the program on a disk of 12 MB, most of which ballast takes at first, and copies what it stored to where it can be read afterwards. */
const SCRIPT = `
mount -t tmpfs -o size=12m none "$DISK" && head -c 10000000 /dev/zero > "$DISK/ballast" || exit 99
trap : INT
"$@"
code=$?
cp "$DISK"/events.db* "$SAVED"
exit $code`;

test('hark listen waits while the disk is full, says so once, and loses nothing when there is room again', async (t) => {
  if (spawnSync('unshare', [...UNSHARE, 'mount -t tmpfs none /tmp']).status !== 0) {
    return t.skip('needs unshare(1) with user namespaces, to have a small disk');
  }
  const server = await startApiServer();
  t.after(() => server.stop());
  const [disk, saved] = [makeFolder(), makeFolder()];
  const program = [process.execPath, PROGRAM, 'listen', '--kubeconfig', server.writeKubeconfig()];
  const env = { PATH: process.env.PATH ?? '', ...homeOf(makeFolder()), DISK: disk, SAVED: saved };
  const child = spawn('unshare', [...UNSHARE, SCRIPT, 'sh', ...program, '--store', join(disk, 'events.db')], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const signalAll = (signal: NodeJS.Signals) => process.kill(-(child.pid ?? 0), signal);
  t.after(() => child.exitCode === null && signalAll('SIGKILL'));
  const hark = followProcess(child);
  const written = new Set<string>();
  const lines = scaleEvents(1_000_000, ['ADDED']);
  const write = (count: number) => {
    for (let i = 0; i < count; i += 1) {
      const { object } = JSON.parse(lines.next().value ?? '') as { object: WireEvent };
      server.storage.write(object);
      written.add(`${object.metadata.namespace}/${object.metadata.name}`);
    }
  };

  await hark.says(/caught up, listening/);
  let full = false;
  const saysFull = hark.says(/No room to write to the store .* Nothing is lost yet/).then(() => {
    full = true;
  });
  while (!full) {
    write(500);
    await Promise.race([saysFull, delay(100)]);
  }
  write(500);
  // What the process sees of the file system is to be had through /proc.
  const ballast = join(`/proc/${child.pid}/root`, disk, 'ballast');
  assert.ok(existsSync(ballast));
  rmSync(ballast);
  await hark.says(/the store takes Events again/);
  signalAll('SIGINT');
  assert.deepEqual(await hark.ended, { code: 0, signal: null }, hark.stderr());

  assert.equal(hark.stderr().match(/No room/g)?.length, 1, hark.stderr());
  // What the server had still to send is heard by the next run, on a disk with room enough.
  const file = join(saved, 'events.db');
  const next = startListening(['--kubeconfig', program.at(-1) ?? '', '--store', file]);
  await next.says(/listening from where it stopped at .*: nothing was missed/);
  await untilStored(file, ({ events }) => {
    const stored = new Set(events.map(({ event }) => `${event.namespace}/${event.name}`));
    return [...written].every((key) => stored.has(key));
  });
  await next.end('SIGINT');
});
