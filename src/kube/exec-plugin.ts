import { type ChildProcess, spawn } from 'node:child_process';
import { EXIT, HarkError } from '../lib/errors.ts';
import type { CredentialOptions, LoginPlugin, PartialIdentity } from './credentials.ts';
import type { ExecConfig, KubeconfigCluster } from './kubeconfig.ts';
import type { PickedContext } from './pick-context.ts';
import { readDataOrFile } from './read-data-or-file.ts';

/**
 * An exec credential plugin. It runs when first needed and when what it gave has expired; its answer is kept in memory only.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export function openExecPlugin(
  context: PickedContext,
  exec: ExecConfig,
  options: CredentialOptions,
): LoginPlugin {
  const running = new Set<ChildProcess>();
  let auth: Promise<{ applyAuthentication: Login }> | undefined;
  let pending: Promise<PartialIdentity> | undefined;

  async function load() {
    const { ExecAuth } = await import('@kubernetes/client-node/dist/exec_auth.js');
    const info = await formatExecInfo(context.cluster, exec, options.interactive === true);
    const loaded = new ExecAuth();
    const run = (command: string, args: readonly string[] | undefined) => {
      const child = runPlugin(command, args ?? [], exec, info, options);
      running.add(child);
      child.once('close', () => running.delete(child));
      return child;
    };
    Object.assign(loaded, { execFn: run });
    return loaded as unknown as { applyAuthentication: Login };
  }

  async function login(): Promise<PartialIdentity> {
    auth ??= load();
    const loaded = await auth;
    const answer: LoginAnswer = { headers: {} };
    try {
      await loaded.applyAuthentication({ name: context.user.name, exec }, answer);
    } catch (error) {
      throw pluginFailure(exec, context.user.name, error);
    }
    return { token: readBearer(answer), cert: answer.cert, key: answer.key };
  }

  return {
    read() {
      pending ??= login().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    reload() {
      auth = undefined;
    },
    close() {
      for (const child of running) child.kill();
    },
  };
}

type Login = (user: { name: string; exec: ExecConfig }, answer: LoginAnswer) => Promise<void>;

interface LoginAnswer {
  readonly headers: Record<string, unknown>;
  cert?: string;
  key?: string;
}

/** The token that client-node put into a header. */
export function readBearer(answer: { readonly headers: Record<string, unknown> }): string | undefined {
  const { Authorization: header } = answer.headers;
  return typeof header === 'string' ? header.replace(/^Bearer /, '') : undefined;
}

function runPlugin(
  command: string,
  args: readonly string[],
  exec: ExecConfig,
  info: string,
  options: CredentialOptions,
): ChildProcess {
  const own = Object.fromEntries(exec.env.map(({ name, value }) => [name, value]));
  const interactive = exec.interactive && options.interactive === true;
  const child = spawn(command, args, {
    env: { ...options.env, ...own, KUBERNETES_EXEC_INFO: info },
    stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
  });
  child.stderr?.on('data', (text) => options.onPluginOutput?.(String(text)));
  return child;
}

/** Source: k8s.io/client-go/pkg/apis/clientauthentication, `ExecCredential`. */
async function formatExecInfo(
  cluster: KubeconfigCluster,
  exec: ExecConfig,
  interactive: boolean,
): Promise<string> {
  const ca = exec.provideClusterInfo
    ? await readDataOrFile(cluster.caData, cluster.caFile, 'CA certificate')
    : undefined;
  const described = {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName || undefined,
    'insecure-skip-tls-verify': cluster.insecure || undefined,
    'certificate-authority-data': ca?.toString('base64'),
    'proxy-url': cluster.proxyUrl || undefined,
    config: cluster.execExtension,
  };
  return JSON.stringify({
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: exec.interactive && interactive,
      cluster: exec.provideClusterInfo ? described : undefined,
    },
  });
}

/** The last line a plugin wrote is mostly its reason; its stdout may hold a token and is never shown. */
function pluginFailure(exec: ExecConfig, user: string, error: unknown): HarkError {
  const { code, message } = error as NodeJS.ErrnoException;
  const action = `cannot log in as "${user}": the kubeconfig's exec plugin "${exec.command}"`;
  if (code === 'ENOENT') {
    return new HarkError('credentials', `${action} is not installed, or not on the PATH`, {
      exitCode: EXIT.forbidden,
      hint: exec.installHint || `Install ${exec.command}, then try again`,
      cause: error,
    });
  }
  const badAnswer = error instanceof SyntaxError || error instanceof TypeError;
  const why = badAnswer ? 'did not print an ExecCredential' : `failed: ${lastLine(message)}`;
  return new HarkError('credentials', `${action} ${why}`, {
    exitCode: EXIT.forbidden,
    hint: 'See how it is called: kubectl config view --minify',
    cause: badAnswer ? undefined : error,
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() || 'it said nothing';
}
