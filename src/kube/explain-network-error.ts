import { EXIT } from '../lib/errors.ts';
import { ApiFailure } from './api-failure.ts';

type Where = { readonly name: string; readonly server: string };

/** What happened, by the code of Node's error. */
const TRANSIENT: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ECONNRESET: 'the connection was reset',
  ECONNABORTED: 'the connection was aborted',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'timed out',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENETDOWN: 'the network is down',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved now',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection was closed in the middle of an answer',
};

/** TLS failures that waiting does not mend: what is wrong, and what to do. */
const CERTIFICATE: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  CERT_HAS_EXPIRED: [
    "the server's certificate has expired",
    'Renew it on the server, or check this machine’s clock',
  ],
  CERT_NOT_YET_VALID: ["the server's certificate is not valid yet", 'Check this machine’s clock'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "the server's certificate is for other names",
    'Use a server address that the certificate names, or set tls-server-name in the kubeconfig',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted(),
  SELF_SIGNED_CERT_IN_CHAIN: untrusted(),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted(),
  UNABLE_TO_GET_ISSUER_CERT: untrusted(),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted(),
  CERT_SIGNATURE_FAILURE: untrusted(),
  CERT_UNTRUSTED: untrusted(),
  INVALID_CA: untrusted(),
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: [
    "the kubeconfig's client certificate and key do not belong together",
    'Compare client-certificate and client-key: kubectl config view',
  ],
};

/** The failure that an error of Node's http, tls or net means. */
export function explainNetworkError(where: Where, error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error;
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  const certificate = CERTIFICATE[code];
  if (certificate !== undefined) return tlsFailure(where, certificate[0], certificate[1], error);
  if (/wrong version number|http request/i.test(message))
    return tlsFailure(where, 'the server does not speak TLS', 'Should its URL begin with http://?', error);
  if (
    /alert (certificate required|bad certificate|unknown ca|certificate (expired|unknown|revoked))/i.test(
      message,
    )
  ) {
    const what = 'the server does not accept the client certificate, or wants one';
    return tlsFailure(where, what, 'Renew the client certificate of the kubeconfig’s user', error);
  }
  if (code.startsWith('ERR_OSSL') || code.startsWith('ERR_SSL') || code === 'EPROTO')
    return tlsFailure(where, firstLine(message), 'Check the certificates in the kubeconfig', error);
  if (code === 'ERR_PROXY_TUNNEL')
    return unreachable(where, `the proxy refused: ${firstLine(message)}`, error);
  return unreachable(where, TRANSIENT[code] ?? firstLine(message), error);
}

/** The failure of an answer that did not begin, or did not go on, in time. */
export function explainTimeout(where: Where, what: string): ApiFailure {
  return unreachable(where, what, undefined);
}

function untrusted(): readonly [string, string] {
  return [
    "the server's certificate is not signed by a CA that is trusted here",
    'Put its CA into the kubeconfig: kubectl config set-cluster NAME --certificate-authority=FILE --embed-certs',
  ];
}

function tlsFailure(where: Where, what: string, hint: string, cause: unknown): ApiFailure {
  const text = `cannot talk to cluster "${where.name}" at ${where.server}: ${what}`;
  return new ApiFailure('cluster-tls', text, { exitCode: EXIT.unreachable, permanent: true, hint, cause });
}

function unreachable(where: Where, what: string, cause: unknown): ApiFailure {
  return new ApiFailure(
    'cluster-unreachable',
    `cannot reach cluster "${where.name}" at ${where.server}: ${what}`,
    {
      exitCode: EXIT.unreachable,
      permanent: false,
      hint: `Is it running, and is this the right context? kubectl config get-contexts`,
      cause,
    },
  );
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? '';
}
