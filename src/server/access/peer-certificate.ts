import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * The certificate that the other end has shown and proven to hold; undefined when it has none, or one that is not valid now, not for clients, or
 * of no authority that is trusted for anything here. Whom it is trusted as is for the caller to find out.
 */
export function readPeerCertificate(socket: Socket): X509Certificate | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  return socket.getPeerX509Certificate();
}

/** Who a certificate names: the common name, and the organisations; undefined when it names nobody, or two. */
export function readSubject(
  certificate: X509Certificate,
): { readonly name: string; readonly organisations: readonly string[] } | undefined {
  const { subject } = certificate.toLegacyObject();
  const { CN: name, O: organisations = [] } = subject as { CN?: unknown; O?: string | readonly string[] };
  if (typeof name !== 'string' || name === '') return undefined;
  return { name, organisations: typeof organisations === 'string' ? [organisations] : organisations };
}
