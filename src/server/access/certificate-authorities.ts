import { X509Certificate } from 'node:crypto';
import { HarkError } from '../../lib/errors.ts';

/** Certificates in a file: those whose issuer is trusted, or is presented and trusted itself. */
export interface Authorities {
  /** PEM. */
  readonly pem: string;
  /** Whether one of them issued a certificate, directly or by way of those that it was presented with. */
  issued(leaf: X509Certificate): boolean;
  /** Whether any is among the others, too. */
  shares(other: Authorities): boolean;
  readonly fingerprints: ReadonlySet<string>;
}

/** A chain longer than this is none. */
const LONGEST_CHAIN = 8;

/**
 * Reads CA certificates from PEM.
 *
 * @param origin where it comes from, for the error: `--client-ca-file "ca.crt"`
 * @throws HarkError `usage`
 */
export function readAuthorities(pem: string, origin: string): Authorities {
  const certificates = splitPem(pem).map((text) => parse(text, origin));
  if (certificates.length === 0)
    throw new HarkError('usage', `${origin} holds no certificate: a CA in PEM is wanted`, {
      hint: 'It begins with -----BEGIN CERTIFICATE-----',
    });
  const fingerprints = new Set(certificates.map(({ fingerprint256 }) => fingerprint256));
  return {
    pem,
    fingerprints,
    issued: (leaf) => isIssued(leaf, certificates),
    shares: (other) => [...fingerprints].some((one) => other.fingerprints.has(one)),
  };
}

function isIssued(leaf: X509Certificate, authorities: readonly X509Certificate[]): boolean {
  let current: X509Certificate | undefined = leaf;
  for (let length = 0; current !== undefined && length < LONGEST_CHAIN; length++) {
    const issued: X509Certificate = current;
    if (authorities.some((authority) => isIssuer(authority, issued))) return true;
    const next: X509Certificate | undefined = issued.issuerCertificate;
    current = next !== undefined && next !== issued && isIssuer(next, issued) ? next : undefined;
  }
  return false;
}

function isIssuer(authority: X509Certificate, issued: X509Certificate): boolean {
  return authority.ca && issued.checkIssued(authority) && issued.verify(authority.publicKey);
}

function parse(pem: string, origin: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new HarkError('usage', `${origin} holds a certificate that cannot be read`, { cause: error });
  }
}

function splitPem(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}
