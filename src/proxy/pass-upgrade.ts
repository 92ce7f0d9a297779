import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { describeFailure, formatStatus } from './answer-status.ts';
import { forwardAnswerHeaders, forwardRequestHeaders, type RawHeaders } from './forwarded-headers.ts';
import { openUpstream, type Upstream } from './open-upstream.ts';

/**
 * Hands on a request that asks for another protocol (SPDY, WebSocket: `exec`, `attach`, `port-forward`), and from then on every byte both ways; a
 * direction that ends leaves the other open. What the server answers instead is handed back, and the connection ends.
 *
 * @param head what the client has sent after the request
 * @param path with query, from the server's root
 */
export async function passUpgrade(
  upstream: Upstream,
  asked: IncomingMessage,
  client: Duplex,
  head: Uint8Array,
  path: string,
): Promise<void> {
  const { gate } = upstream;
  client.on('error', () => client.destroy());
  try {
    const entrance = await gate.openApart();
    const { agent } = entrance;
    client.once('close', () => agent.destroy());
    const headers = forwardRequestHeaders(asked, entrance, gate.url.host, true);
    const method = asked.method ?? 'GET';
    const sent = openUpstream(upstream, { method, path, agent, headers, halfOpen: true });
    sent.once('upgrade', (given, server, first) => {
      client.write(formatHead(given, upgradeHeaders(given)));
      client.write(first);
      server.write(head);
      join(client, server);
    });
    sent.once('response', (given) => {
      if (given.statusCode === 401) gate.renew();
      client.write(formatHead(given, [...forwardAnswerHeaders(given), 'Connection', 'close']));
      given.on('error', () => client.destroy());
      given.pipe(client);
    });
    sent.once('error', (error) => refuse(client, upstream, error));
    if (client.destroyed) sent.destroy();
    else client.once('close', () => sent.destroy());
    sent.end();
  } catch (error) {
    refuse(client, upstream, error);
  }
}

/** Answers an upgrade with a plain text, and ends the connection. */
export function refuseUpgrade(client: Duplex, status: string, type: string, body: string): void {
  client.end(
    `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function refuse(client: Duplex, { gate }: Upstream, error: unknown): void {
  if (!client.writable) return;
  const body = formatStatus(502, 'ServiceUnavailable', describeFailure(gate, error));
  refuseUpgrade(client, '502 Bad Gateway', 'application/json', body);
}

/** Until both directions have ended, or one breaks. */
function join(client: Duplex, server: Duplex): void {
  client.pipe(server);
  server.pipe(client);
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.on('error', () => other.destroy());
    // One that ended in order leaves the other to send what is under way.
    one.on('close', () => other.writableEnded || other.destroy());
  }
}

function upgradeHeaders(given: IncomingMessage): RawHeaders {
  return [
    ...forwardAnswerHeaders(given),
    'Connection',
    given.headers.connection ?? 'Upgrade',
    'Upgrade',
    given.headers.upgrade ?? '',
  ];
}

function formatHead(given: IncomingMessage, headers: RawHeaders): string {
  const lines = [`HTTP/1.1 ${given.statusCode} ${given.statusMessage ?? ''}`];
  for (let at = 0; at + 1 < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
