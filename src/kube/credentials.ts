import type { Clock } from '../lib/clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { MINUTE, type Micros } from '../lib/time.ts';
import { openExecPlugin } from './exec-plugin.ts';
import type { Impersonation, KubeconfigUser } from './kubeconfig.ts';
import { openOidc } from './oidc.ts';
import type { PickedContext } from './pick-context.ts';
import { readDataOrFile, readNamedFile } from './read-data-or-file.ts';

/** What a request carries to be let in. */
export interface Identity {
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** PEM of the client certificate and its key. */
  readonly cert: string | Buffer | undefined;
  readonly key: string | Buffer | undefined;
}

export interface Credentials {
  /** @throws HarkError `credentials` when they cannot be had */
  read(): Promise<Identity>;
  /** Forgets what was read: after a 401 files are read again, and the exec plugin runs again. */
  reload(): void;
  /** Ends an exec plugin that still runs. */
  close(): void;
}

export interface CredentialOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Given what an exec plugin writes to its stderr: how to log in, mostly. */
  readonly onPluginOutput?: (text: string) => void;
  /** Whether an exec plugin may ask the person at the terminal. */
  readonly interactive?: boolean;
}

/** Part of an identity, by one of the ways a kubeconfig offers. */
export interface PartialIdentity {
  readonly token?: string | undefined;
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
}

/** One way of getting in that needs more than reading the kubeconfig. */
export interface LoginPlugin {
  read(): Promise<PartialIdentity>;
  /** What it gave last was refused: the next one is to be new. */
  reload(): void;
  close(): void;
}

/** Files are read again after this long, as client-go does: Kubernetes rotates the tokens of service accounts. */
const FILES_STAY_FRESH = MINUTE;

/**
 * The credentials of a context's user: certificate, token, token file, exec plugin, OIDC, user and password, impersonation.
 * A token file counts before a token, and data before a file, as for kubectl. As kubectl, sends nothing of it over plain HTTP.
 */
export function openCredentials(context: PickedContext, options: CredentialOptions): Credentials {
  const { user } = context;
  const secure = !context.cluster.server.startsWith('http://');
  const plugin = secure ? openPlugin(context, options) : undefined;
  let files: { readonly identity: Promise<PartialIdentity>; readonly at: Micros } | undefined;

  function readFiles(): Promise<PartialIdentity> {
    const now = options.clock.now();
    if (files === undefined || now - files.at >= FILES_STAY_FRESH)
      files = { identity: readUserFiles(user), at: now };
    return files.identity;
  }

  return {
    async read() {
      if (!secure) return { headers: formatImpersonation(user.impersonate), cert: undefined, key: undefined };
      const [own, login] = [await readFiles(), await plugin?.read()];
      return formatIdentity(user, { ...own, ...withoutUndefined(login) });
    },
    reload() {
      plugin?.reload();
      files = undefined;
    },
    close: () => plugin?.close(),
  };
}

function openPlugin(context: PickedContext, options: CredentialOptions): LoginPlugin | undefined {
  const { exec, authProvider } = context.user;
  if (exec !== undefined) return openExecPlugin(context, exec, options);
  if (authProvider?.name === 'oidc') return openOidc(context.user, authProvider.config, options);
  if (authProvider === undefined) return undefined;
  throw new HarkError(
    'credentials',
    `user "${context.user.name}" logs in by the auth provider "${authProvider.name}", which Kubernetes removed in 1.26`,
    { exitCode: EXIT.forbidden, hint: 'Make a new kubeconfig entry with your cloud provider’s tool' },
  );
}

async function readUserFiles(user: KubeconfigUser): Promise<PartialIdentity> {
  const [cert, key, token] = await Promise.all([
    readDataOrFile(user.certData, user.certFile, 'client certificate'),
    readDataOrFile(user.keyData, user.keyFile, 'client key'),
    user.tokenFile === '' ? undefined : readNamedFile(user.tokenFile, 'token'),
  ]);
  return { cert, key, token: token?.toString('utf8').trim() || user.token || undefined };
}

function formatIdentity(user: KubeconfigUser, identity: PartialIdentity): Identity {
  const { token, cert, key } = identity;
  const authorization = token === undefined ? formatBasic(user) : `Bearer ${token}`;
  const headers = formatImpersonation(user.impersonate);
  return { headers: authorization === undefined ? headers : { ...headers, authorization }, cert, key };
}

function formatBasic(user: KubeconfigUser): string | undefined {
  if (user.username === '') return undefined;
  return `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`;
}

/** Source: k8s.io/client-go/transport, `impersonatingRoundTripper`. */
function formatImpersonation(as: Impersonation): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  if (as.user !== '') headers['impersonate-user'] = as.user;
  if (as.uid !== '') headers['impersonate-uid'] = as.uid;
  if (as.groups.length > 0) headers['impersonate-group'] = [...as.groups];
  for (const [key, values] of Object.entries(as.extra)) {
    headers[`impersonate-extra-${encodeURIComponent(key)}`] = [...values];
  }
  return headers;
}

function withoutUndefined(identity: PartialIdentity | undefined): PartialIdentity {
  return Object.fromEntries(Object.entries(identity ?? {}).filter(([, value]) => value !== undefined));
}
