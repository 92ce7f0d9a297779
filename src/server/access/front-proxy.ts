import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Authorities } from './certificate-authorities.ts';
import type { Identity } from './identity.ts';
import { readSubject } from './peer-certificate.ts';

/** Who may say in headers who asks, and in which. */
export interface FrontProxy {
  readonly authorities: Authorities;
  /** Common names of its certificate; empty: any. */
  readonly allowedNames: readonly string[];
  readonly usernameHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly uidHeaders: readonly string[];
  readonly extraHeaderPrefixes: readonly string[];
}

/** kube-apiserver's. */
export const USUAL_HEADERS = {
  usernameHeaders: ['X-Remote-User'],
  groupHeaders: ['X-Remote-Group'],
  uidHeaders: ['X-Remote-Uid'],
  extraHeaderPrefixes: ['X-Remote-Extra-'],
} as const;

/**
 * Who a proxy says that asks, as kube-apiserver reads it: the first header that names a user, every group of every header, extras by their prefix.
 *
 * @returns undefined when who asks is no such proxy, or names nobody: then the headers mean nothing
 */
export function readForwardedUser(
  proxy: FrontProxy,
  certificate: X509Certificate,
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
): Identity | undefined {
  if (!proxy.authorities.issued(certificate)) return undefined;
  const name = readSubject(certificate)?.name;
  const { allowedNames } = proxy;
  if (allowedNames.length > 0 && (name === undefined || !allowedNames.includes(name))) return undefined;
  const first = (names: readonly string[]) =>
    names.map((header) => headersDistinct[header.toLowerCase()]?.[0] ?? '').find((value) => value !== '');
  const username = first(proxy.usernameHeaders);
  if (username === undefined) return undefined;
  const groups = proxy.groupHeaders.flatMap((header) => headersDistinct[header.toLowerCase()] ?? []);
  const uid = first(proxy.uidHeaders) ?? '';
  return { username, uid, groups, extra: readExtra(proxy, headersDistinct), by: 'front-proxy' };
}

function readExtra(
  { extraHeaderPrefixes }: FrontProxy,
  headers: IncomingMessage['headersDistinct'],
): Record<string, readonly string[]> {
  const extra = new Map<string, string[]>();
  for (const [header, values = []] of Object.entries(headers)) {
    const prefix = extraHeaderPrefixes.find((one) => header.startsWith(one.toLowerCase()));
    if (prefix === undefined) continue;
    const key = unescapeKey(header.slice(prefix.length));
    extra.set(key, [...(extra.get(key) ?? []), ...values]);
  }
  return Object.fromEntries(extra);
}

/** Keys are percent-encoded; those of older API servers were not, and may not decode. */
function unescapeKey(key: string): string {
  try {
    return decodeURIComponent(key).toLowerCase();
  } catch {
    return key;
  }
}
