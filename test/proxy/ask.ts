import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Sends a GET on a connection of its own; resolves with the answer's head. */
export async function ask(url: string, path: string, accept = 'application/json'): Promise<IncomingMessage> {
  const sent = request(`${url}${path}`, { agent: false, headers: { accept } });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

/** The object that is answered. Fails when the status is not 200. */
export async function read<T>(url: string, path: string): Promise<T> {
  const answer = await ask(url, path);
  const body = await text(answer);
  assert.equal(answer.statusCode, 200, body);
  return JSON.parse(body) as T;
}
