import { generateKeyPairSync } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

export interface KeyPair {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface CertificateWishes {
  /** The common name: for a client, the user. */
  readonly name: string;
  /** The organisations: for a client, its groups. */
  readonly groups?: readonly string[];
  /** DNS names and addresses a server answers to. */
  readonly hosts?: readonly string[];
  readonly notAfter?: Date;
}

export interface Authority {
  /** PEM of its own certificate. */
  readonly ca: string;
  issue(wishes: CertificateWishes): KeyPair;
}

const DAY_MS = 86_400_000;

/** Makes a certificate authority that lives as long as the test does; nothing of it is written anywhere. */
export function makeAuthority(name = 'test-ca'): Authority {
  const own = makeKeys();
  const subject = [{ shortName: 'CN', value: name }];
  const certificate = fillCertificate(own, subject, subject, new Date(Date.now() + DAY_MS));
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(own.privateKey), forge.md.sha256.create());
  return {
    ca: forge.pki.certificateToPem(certificate),
    issue: (wishes) => issue(subject, own.privateKey, wishes),
  };
}

function issue(issuer: Subject, authorityKey: string, wishes: CertificateWishes): KeyPair {
  leafKeys ??= makeKeys();
  const keys = leafKeys;
  const groups = (wishes.groups ?? []).map((value) => ({ shortName: 'O', value }));
  const subject = [...groups, { shortName: 'CN', value: wishes.name }];
  const notAfter = wishes.notAfter ?? new Date(Date.now() + DAY_MS);
  const certificate = fillCertificate(keys, issuer, subject, notAfter);
  certificate.setExtensions([
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    { name: 'subjectAltName', altNames: (wishes.hosts ?? []).map(formatAltName) },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(authorityKey), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key: keys.privateKey };
}

type Subject = { shortName: string; value: string }[];

interface Keys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** All but the authorities have the same: making keys takes longer than all else here. */
let leafKeys: Keys | undefined;

/** Node's own keys: node-forge's are made in JavaScript, and slowly. */
function makeKeys(): Keys {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
}

let serial = 0;

function fillCertificate(
  keys: Keys,
  issuer: Subject,
  subject: Subject,
  notAfter: Date,
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  serial += 1;
  // DER allows no leading zero byte.
  certificate.serialNumber = `40${serial.toString(16).padStart(6, '0')}`;
  certificate.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  certificate.validity.notBefore = new Date(Math.min(Date.now(), notAfter.getTime()) - DAY_MS);
  certificate.validity.notAfter = notAfter;
  certificate.setIssuer(issuer);
  certificate.setSubject(subject);
  return certificate;
}

/** Types 2 and 7 are a DNS name and an IP address (RFC 5280, 4.2.1.6). */
function formatAltName(host: string): { type: number; value?: string; ip?: string } {
  return isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host };
}
