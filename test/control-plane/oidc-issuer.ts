import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeAuthority } from '../api-server/make-certificates.ts';

/** An OpenID Connect issuer: what an API server asks of one, and tokens. */
export interface OidcIssuer {
  /** How an API server is told of it: names and groups of its tokens begin with `oidc:`. */
  readonly flags: readonly string[];
  /** Signs a token with its own key, or with another. */
  issue(claims: Readonly<Record<string, unknown>>, isOwn?: boolean): string;
  stop(): Promise<void>;
}

const KEY_ID = 'of-the-test';
const AUDIENCE = 'cluster';

/** @param folder where the certificate of its CA is put */
export async function startOidcIssuer(folder: string): Promise<OidcIssuer> {
  const authority = makeAuthority('oidc');
  const [own, other] = [makeKeys(), makeKeys()];
  let url = '';
  const server = createServer(authority.issue({ name: 'issuer', hosts: ['127.0.0.1'] }), (asked, answer) => {
    const keys = [{ ...own.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: KEY_ID }];
    const found: Readonly<Record<string, object>> = {
      '/.well-known/openid-configuration': {
        issuer: url,
        jwks_uri: `${url}/keys`,
        authorization_endpoint: `${url}/none`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      },
      '/keys': { keys },
    };
    const body = found[asked.url ?? ''];
    answer.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(body ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ca = join(folder, 'oidc-ca.crt');
  writeFileSync(ca, authority.ca);
  return {
    flags: [
      `--oidc-issuer-url=${url}`,
      `--oidc-client-id=${AUDIENCE}`,
      `--oidc-ca-file=${ca}`,
      '--oidc-username-prefix=oidc:',
      '--oidc-groups-claim=groups',
      '--oidc-groups-prefix=oidc:',
    ],
    issue(claims, isOwn = true) {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: url, aud: AUDIENCE, iat: now, exp: now + 3600, ...claims };
      const signed = [{ alg: 'RS256', typ: 'JWT', kid: KEY_ID }, all].map(encode).join('.');
      const key = (isOwn ? own : other).privateKey;
      return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function makeKeys() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
