import { connect } from 'node:net';

const PATIENCE_MS = 5_000;

/**
 * Whether anybody listens at a URL's host and port, so that a wrong one is told at once: the exporters try for ten seconds.
 *
 * @throws the socket's error
 */
export async function knock(url: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80) });
  await new Promise<void>((resolve, reject) => {
    const timeOut = () =>
      reject(Object.assign(new Error(`no answer from ${host} within 5s`), { code: 'ETIMEDOUT' }));
    socket.setTimeout(PATIENCE_MS, timeOut);
    socket.once('connect', resolve);
    socket.once('error', (error) => reject(firstOf(error)));
  }).finally(() => socket.destroy());
}

/** Of a name with several addresses, why the first could not be reached. */
function firstOf(error: Error): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}
