import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A TLS server on loopback whose connections can be broken. */
export interface Listener {
  readonly port: number;
  /** The TCP connection that a request came by; undefined when it has gone. */
  connectionOf(message: IncomingMessage): Socket | undefined;
  /** How many connections were ever made. */
  connections(): number;
  /** Closes the port and every connection. */
  crash(): Promise<void>;
  /** Listens on the same port again. */
  restart(): Promise<void>;
}

export async function openListener(
  options: ServerOptions,
  handle: (message: IncomingMessage, response: ServerResponse) => void,
): Promise<Listener> {
  const server = createServer({ ...options, keepAliveTimeout: 0 }, handle);
  const open = new Map<number, Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    const client = socket.remotePort ?? 0;
    connections += 1;
    open.set(client, socket);
    socket.once('close', () => open.delete(client));
  });

  async function listen(port: number): Promise<number> {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  const port = await listen(0);
  return {
    port,
    connectionOf: (message) => open.get(message.socket.remotePort ?? 0),
    connections: () => connections,
    async crash() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of open.values()) socket.destroy();
      await closed;
    },
    async restart() {
      await listen(port);
    },
  };
}
