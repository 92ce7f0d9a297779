import type { ClusterAuthentication } from '../../kube/read-front-proxy.ts';
import { HarkError } from '../../lib/errors.ts';
import { type Authorities, readAuthorities } from './certificate-authorities.ts';
import { type FrontProxy, USUAL_HEADERS } from './front-proxy.ts';

/** What the server shows of itself, and whose certificates it believes. */
export interface Trust {
  /** PEM; undefined: it serves plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca?: string } | undefined;
  readonly clients: Authorities | undefined;
  readonly frontProxy: FrontProxy | undefined;
}

/** By the names of kube-apiserver's flags. */
export interface TrustFiles {
  readonly tlsCertFile?: string | undefined;
  readonly tlsPrivateKeyFile?: string | undefined;
  readonly clientCaFile?: string | undefined;
  readonly requestheaderClientCaFile?: string | undefined;
  readonly requestheaderAllowedNames?: readonly string[] | undefined;
  readonly requestheaderUsernameHeaders?: readonly string[] | undefined;
  readonly requestheaderGroupHeaders?: readonly string[] | undefined;
  readonly requestheaderUidHeaders?: readonly string[] | undefined;
  readonly requestheaderExtraHeadersPrefix?: readonly string[] | undefined;
}

const PROXY_FLAG = '--requestheader-client-ca-file';

/**
 * Reads certificates, keys and authorities; call it again for those that were renewed.
 *
 * @param readText reads a file that a flag names
 * @param lookUp what the cluster's API server publishes of itself: stands in for the files that are not named
 * @throws HarkError `usage`
 */
export async function readTrust(
  files: TrustFiles,
  readText: (path: string, flag: string) => string,
  lookUp?: () => Promise<ClusterAuthentication>,
): Promise<Trust> {
  const [cert, key] = [files.tlsCertFile, files.tlsPrivateKeyFile];
  if ((cert === undefined) !== (key === undefined))
    throw new HarkError(
      'usage',
      '--tls-cert-file and --tls-private-key-file belong together: one of them is missing',
      {
        hint: 'For example: --tls-cert-file cert.pem --tls-private-key-file key.pem',
      },
    );
  const published = await lookUp?.();
  const clients = readAuthority(files.clientCaFile, '--client-ca-file', published?.clientCa);
  const ca = readAuthority(files.requestheaderClientCaFile, PROXY_FLAG, published?.frontProxyCa);
  const frontProxy = ca && describeProxy(files, ca, published);
  checkTrust(files, clients, frontProxy, cert !== undefined);
  if (cert === undefined || key === undefined) return { tls: undefined, clients, frontProxy };
  const authorities = [clients?.pem, ca?.pem].filter((pem) => pem !== undefined);
  const tls = {
    cert: readText(cert, '--tls-cert-file'),
    key: readText(key, '--tls-private-key-file'),
    ...(authorities.length > 0 && { ca: authorities.join('\n') }),
  };
  return { tls, clients, frontProxy };

  function readAuthority(path: string | undefined, flag: string, pem = ''): Authorities | undefined {
    if (path !== undefined) return readAuthorities(readText(path, flag), `${flag} "${path}"`);
    return pem === '' ? undefined : readAuthorities(pem, 'ConfigMap extension-apiserver-authentication');
  }
}

function describeProxy(
  files: TrustFiles,
  authorities: Authorities,
  published: ClusterAuthentication | undefined,
): FrontProxy {
  const isPublished = files.requestheaderClientCaFile === undefined;
  const from = isPublished ? published : undefined;
  const choose = (
    given: readonly string[] | undefined,
    said: readonly string[] = [],
    usual: readonly string[],
  ) => given ?? (said.length > 0 ? said : usual);
  return {
    authorities,
    allowedNames: choose(files.requestheaderAllowedNames, from?.allowedNames, []),
    usernameHeaders: choose(
      files.requestheaderUsernameHeaders,
      from?.usernameHeaders,
      USUAL_HEADERS.usernameHeaders,
    ),
    groupHeaders: choose(files.requestheaderGroupHeaders, from?.groupHeaders, USUAL_HEADERS.groupHeaders),
    uidHeaders: choose(files.requestheaderUidHeaders, from?.uidHeaders, USUAL_HEADERS.uidHeaders),
    extraHeaderPrefixes: choose(
      files.requestheaderExtraHeadersPrefix,
      from?.extraHeaderPrefixes,
      USUAL_HEADERS.extraHeaderPrefixes,
    ),
  };
}

function checkTrust(
  files: TrustFiles,
  clients: Authorities | undefined,
  frontProxy: FrontProxy | undefined,
  isEncrypted: boolean,
): void {
  const named = Object.keys(files).find((name) => name.startsWith('requestheader') && name in files);
  if (frontProxy === undefined && named !== undefined)
    throw new HarkError('usage', `who may say in headers who asks is not named: ${PROXY_FLAG} is missing`, {
      hint: `Add ${PROXY_FLAG} FILE, the CA of the proxy's client certificate; without it headers are not believed.`,
    });
  if ((clients !== undefined || frontProxy !== undefined) && !isEncrypted)
    throw new HarkError(
      'usage',
      'client certificates are shown over TLS alone: --tls-cert-file and --tls-private-key-file are missing',
      { hint: 'Add --tls-cert-file FILE --tls-private-key-file FILE' },
    );
  if (
    clients !== undefined &&
    frontProxy?.allowedNames.length === 0 &&
    clients.shares(frontProxy.authorities)
  )
    throw new HarkError(
      'usage',
      'one CA issues the certificates of users and of the proxy: any user could claim to be any other',
      { hint: 'Name the proxy: --requestheader-allowed-names NAME, the common name of its certificate' },
    );
}
