import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { createClock } from '../../lib/clock.ts';
import { wallClock } from '../../lib/time.ts';
import { formatFrame } from './frames.ts';
import { type LiveConnection, openLiveConnection } from './live-connection.ts';

const FRAME = formatFrame('events', JSON.stringify({ items: 'x'.repeat(256 * 1024) }));
/** What the kernel holds for a socket, and 4 MiB, are far less. */
const MOST_FRAMES = 400;

/** A connection to a reader over a real socket, with why it was ended. */
async function openReader(t: { after: (end: () => void) => void }) {
  const ends: string[] = [];
  const opened = Promise.withResolvers<LiveConnection>();
  const server = createServer((_request, response) =>
    opened.resolve(
      openLiveConnection(response, {}, createClock(wallClock), (code) => {
        ends.push(code);
      }),
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => {});
  t.after(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
  return { connection: await opened.promise, socket, ends };
}

test('openLiveConnection lets a reader go that takes nothing, and holds no more than a few MiB for it', async (t) => {
  const { connection, socket, ends } = await openReader(t);
  socket.pause();
  let sent = 0;
  while (!connection.signal.aborted && sent < MOST_FRAMES) {
    connection.send([FRAME]);
    sent += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(sent > 10 && sent < MOST_FRAMES, `${sent} frames`);
  assert.deepEqual(ends, ['too-slow']);
  connection.send([FRAME]);
  assert.deepEqual(ends, ['too-slow']);
});

test('openLiveConnection tells why it ends, as the last message', async (t) => {
  const { connection, socket, ends } = await openReader(t);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise((resolve) => socket.on('close', resolve));
  connection.send([formatFrame('live', '{}', { type: 'place', place: 7 })]);
  connection.end('stopping', 'the server stops');
  await closed;
  const text = Buffer.concat(chunks).toString();
  assert.match(text, /event: live\nid: 7\ndata: \{\}\n\n/);
  assert.match(text, /event: error\ndata: \{"error":\{"code":"stopping".*\n\n/);
  assert.deepEqual([ends, connection.signal.aborted], [['stopping'], true]);
});

test('openLiveConnection waits for a reader that is slow but takes what it is sent', async (t) => {
  const { connection, socket, ends } = await openReader(t);
  let taken = 0;
  socket.on('data', (chunk: Buffer) => {
    taken += chunk.length;
  });
  for (let sent = 0; sent < 80; sent++) await connection.sendPatiently(FRAME);
  assert.deepEqual(ends, []);
  assert.ok(taken > 60 * FRAME.length);
});
