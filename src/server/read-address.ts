import { isIP } from 'node:net';
import { HarkError } from '../lib/errors.ts';

/** Where to listen. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `HOST:PORT`, `:PORT`, `PORT`, `[::1]:PORT`; the host is the loopback's when it is left out.
 *
 * @throws HarkError `usage`
 */
export function readAddress(text: string): Address {
  const [, bracketed, named, digits] = /^(?:(?:\[([^\]]+)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text.trim()) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535)
    throw new HarkError('usage', `--listen "${text}" is not HOST:PORT`, {
      hint: 'For example: --listen 127.0.0.1:8471, --listen [::1]:8471, --listen :9000',
    });
  return { host: bracketed ?? (named || '127.0.0.1'), port };
}

/** Whether only this machine can reach it. */
export function isLoopback({ host }: Address): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** What protects a server that others can reach. */
export interface Protection {
  readonly tls: boolean;
  readonly behindProxy: boolean;
  /** Whether requests bring what tells who asks. */
  readonly token: boolean;
}

/**
 * Refuses to be reached by others without encryption and a token.
 *
 * @throws HarkError `usage`
 */
export function checkExposure(address: Address, { tls, behindProxy, token }: Protection): void {
  if (isLoopback(address)) return;
  const missing = [
    ...(tls || behindProxy
      ? []
      : ['--tls-cert-file FILE --tls-private-key-file FILE (or --behind-proxy, when a proxy encrypts)']),
    ...(token
      ? []
      : [
          '--token-file FILE (a secret that requests must bring) or --authorization-mode Webhook (the cluster says who may see what)',
        ]),
  ];
  if (missing.length === 0) return;
  throw new HarkError(
    'usage',
    `others can reach ${address.host}:${address.port}: hark serves there only encrypted and to those who bring a token`,
    { hint: `Add ${missing.join(' and ')}; or stay on this machine: --listen 127.0.0.1:${address.port}` },
  );
}
