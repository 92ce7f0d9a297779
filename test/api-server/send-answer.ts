import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Answer, type Ending, formatStatus, REASONS } from './answer.ts';

/** Sends a scripted answer. */
export async function sendScripted(
  response: ServerResponse,
  connection: Socket,
  answer: Exclude<Answer, { real: unknown }>,
): Promise<void> {
  if ('hang' in answer) return;
  if ('reset' in answer) {
    connection.resetAndDestroy();
    return;
  }
  if ('status' in answer) {
    sendStatus(response, answer);
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', ...answer.headers });
  response.flushHeaders();
  const pieces = answer.pieces.map((piece) => Buffer.from(piece as string));
  const { ending = 'end' } = answer;
  // The end of an answer comes with its last bytes, as a server that knows them to be the last sends it.
  const last = ending === 'end' ? pieces.pop() : undefined;
  await writePieces(response, pieces);
  if (last === undefined) finish(response, connection, ending);
  else response.end(last);
}

/** Sends bytes of the real answer as the script wants them sent; true when the answer has ended with them. */
export async function sendReal(
  response: ServerResponse,
  raw: Socket,
  body: Buffer,
  wishes: { readonly pieceBytes?: number; readonly cutAfterBytes?: number },
): Promise<boolean> {
  const kept = wishes.cutAfterBytes === undefined ? body : body.subarray(0, wishes.cutAfterBytes);
  await writePieces(response, splitPieces(kept, wishes.pieceBytes ?? kept.length));
  if (wishes.cutAfterBytes !== undefined) finish(response, raw, 'cut');
  return wishes.cutAfterBytes !== undefined;
}

export function gzip(body: Buffer): Buffer {
  return gzipSync(body, { level: 1 });
}

/** Ends an answer, or breaks it off. */
export function finish(response: ServerResponse, raw: Socket, ending: Ending): void {
  if (ending === 'end') response.end();
  if (ending === 'cut') raw.destroy();
  if (ending === 'reset') raw.resetAndDestroy();
}

/** Each piece is flushed before the next is written, so that it arrives on its own. */
async function writePieces(response: ServerResponse, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    if (response.destroyed || response.writableEnded) return;
    if (piece.length > 0 && !response.write(piece))
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    await new Promise(setImmediate);
  }
}

function splitPieces(body: Buffer, bytes: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length; at += bytes) pieces.push(body.subarray(at, at + bytes));
  return pieces;
}

function sendStatus(response: ServerResponse, answer: Extract<Answer, { status: number }>): void {
  const { status, reason = REASONS[status] ?? 'Unknown', message = `scripted ${status}`, headers } = answer;
  const more = answer.continue === undefined ? {} : { metadata: { continue: answer.continue } };
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(answer.text ?? formatStatus(status, reason, message, more));
}
