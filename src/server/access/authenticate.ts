import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HarkError } from '../../lib/errors.ts';
import type { Authorities } from './certificate-authorities.ts';
import { type FrontProxy, readForwardedUser } from './front-proxy.ts';
import type { Identity } from './identity.ts';
import { readPeerCertificate, readSubject } from './peer-certificate.ts';

/** Finds out who asks. */
export interface Authenticator {
  /**
   * @throws HarkError `unauthorized` when nobody known does, `access-unknown` when that cannot be found out now
   */
  identify(request: IncomingMessage): Promise<Identity>;
}

export interface AuthenticatorOptions {
  /** Of users' certificates: the common name is the user, the organisations are the groups. */
  readonly clients: () => Authorities | undefined;
  readonly frontProxy: () => FrontProxy | undefined;
  /** Whose a token is, by a digest of it; undefined: nobody's. */
  readonly askToken: (digest: string, token: string) => Promise<Identity | undefined>;
}

const AUTHENTICATED = 'system:authenticated';

/** In kube-apiserver's order: who a trusted proxy says, whose the certificate is, whose the token is. */
export function createAuthenticator({ clients, frontProxy, askToken }: AuthenticatorOptions): Authenticator {
  return {
    async identify(request) {
      const certificate = readPeerCertificate(request.socket);
      const proxy = frontProxy();
      const forwarded = certificate && proxy && readForwardedUser(proxy, certificate, request);
      if (forwarded !== undefined) return withEveryonesGroup(forwarded);
      const subject =
        certificate !== undefined && clients()?.issued(certificate) ? readSubject(certificate) : undefined;
      if (subject !== undefined) {
        const { name: username, organisations: groups } = subject;
        return withEveryonesGroup({ username, uid: '', groups, extra: {}, by: 'certificate' });
      }
      const token = readToken(request);
      const identity = token === undefined ? undefined : await askToken(digestOf(token), token);
      if (identity !== undefined) return identity;
      throw new HarkError(
        'unauthorized',
        token === undefined
          ? 'who asks is not known: a bearer token or a client certificate is wanted'
          : 'this bearer token is nobody’s, or has expired',
        { hint: 'Send `Authorization: Bearer TOKEN` with a token of the cluster: kubectl create token NAME' },
      );
    },
  };
}

/** @returns undefined when there is none, or more than one header */
function readToken({ headersDistinct }: IncomingMessage): string | undefined {
  const [header, ...others] = headersDistinct.authorization ?? [];
  if (header === undefined || others.length > 0) return undefined;
  return /^Bearer +(\S+)$/i.exec(header.trim())?.[1];
}

/** As the API server does for everyone it knows. */
function withEveryonesGroup(identity: Identity): Identity {
  const { groups, username } = identity;
  if (groups.includes(AUTHENTICATED) || username === 'system:anonymous') return identity;
  return { ...identity, groups: [...groups, AUTHENTICATED] };
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
