import type { ServerResponse } from 'node:http';
import { type Clock, sleep } from '../../lib/clock.ts';
import { type MicrosLength, SECOND } from '../../lib/time.ts';
import { formatFrame } from './frames.ts';

/** One reader of the live stream. What is not yet sent to it is bounded: who does not read is let go. */
export interface LiveConnection {
  /** Aborts when the reader has gone, was let go, or the server stops. */
  readonly signal: AbortSignal;
  /** Sends at once; a reader that is too far behind is let go instead. */
  send(frames: readonly Buffer[]): void;
  /** Sends, and waits until the reader has taken most of it. */
  sendPatiently(frame: Buffer): Promise<void>;
  /** Tells why, and ends. */
  end(code: string, message: string): void;
}

/** What may wait to be sent to one reader. */
const MOST_WAITING = 4 * 1024 * 1024;
/** A backfill is sent on as long as less waits. */
const FEW_WAITING = 256 * 1024;
/** So long a reader may take nothing of a backfill. */
const PATIENCE: MicrosLength = 30 * SECOND;
const HEARTBEAT: MicrosLength = 15 * SECOND;
/** So long a reader that was let go may take to read why. */
const FAREWELL: MicrosLength = 2 * SECOND;

export function openLiveConnection(
  response: ServerResponse,
  headers: Readonly<Record<string, string | number | string[] | undefined>>,
  clock: Clock,
  onEnd: (code: string) => void,
): LiveConnection {
  const gone = new AbortController();
  const { signal } = gone;
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
    // Proxies would hold back what is small.
    'x-accel-buffering': 'no',
  });
  response.write('retry: 2000\n\n');
  response.on('close', () => gone.abort());
  response.on('error', () => gone.abort());
  let stopBeat = clock.after(HEARTBEAT, beat);
  signal.addEventListener('abort', () => stopBeat(), { once: true });

  function beat(): void {
    if (signal.aborted) return;
    send([Buffer.from(': listening\n\n')]);
    stopBeat = clock.after(HEARTBEAT, beat);
  }

  function send(frames: readonly Buffer[]): void {
    if (signal.aborted) return;
    for (const frame of frames) response.write(frame);
    if (response.writableLength > MOST_WAITING)
      end('too-slow', 'this reader is too far behind: it was let go so that nothing piles up');
  }

  function end(code: string, message: string): void {
    if (signal.aborted) return;
    onEnd(code);
    response.end(formatFrame('error', JSON.stringify({ error: { code, message, hint: HINT } })));
    gone.abort();
    const stop = clock.after(FAREWELL, () => response.destroy());
    response.on('close', stop);
  }

  return {
    signal,
    send,
    end,
    async sendPatiently(frame) {
      if (signal.aborted) return;
      response.write(frame);
      if (response.writableLength <= FEW_WAITING) return;
      const done = new AbortController();
      const drained = () => done.abort();
      response.once('drain', drained);
      signal.addEventListener('abort', drained, { once: true });
      await sleep(clock, PATIENCE, done.signal);
      response.off('drain', drained);
      signal.removeEventListener('abort', drained);
      if (!done.signal.aborted) end('too-slow', 'this reader has taken nothing for half a minute');
    },
  };
}

const HINT = 'Connect again with the last id as Last-Event-ID: nothing is lost.';
