import { dirname, isAbsolute, join } from 'node:path';
import { HarkError } from '../lib/errors.ts';

/** The parts of a kubeconfig that say where a cluster is; paths are absolute. */
export interface KubeconfigCluster {
  readonly name: string;
  readonly server: string;
  readonly tlsServerName: string;
  readonly insecure: boolean;
  /** Whether answers are not to come packed. */
  readonly disableCompression: boolean;
  readonly caFile: string;
  readonly caData: string;
  readonly proxyUrl: string;
  /** The entry's extension that `provideClusterInfo` hands to exec plugins. */
  readonly execExtension: unknown;
}

/** The parts of a kubeconfig that say how to be let in; paths are absolute, what is missing is empty. */
export interface KubeconfigUser {
  readonly name: string;
  /** The kubeconfig that it is an entry of; empty when of none. */
  readonly file: string;
  readonly certFile: string;
  readonly certData: string;
  readonly keyFile: string;
  readonly keyData: string;
  readonly token: string;
  readonly tokenFile: string;
  readonly username: string;
  readonly password: string;
  readonly impersonate: Impersonation;
  readonly authProvider:
    | { readonly name: string; readonly config: Readonly<Record<string, string>> }
    | undefined;
  readonly exec: ExecConfig | undefined;
}

export interface Impersonation {
  readonly user: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export interface ExecConfig {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
  readonly interactive: boolean;
}

export interface KubeconfigContext {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
}

export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>;
  readonly users: ReadonlyMap<string, KubeconfigUser>;
  readonly contexts: ReadonlyMap<string, KubeconfigContext>;
  readonly currentContext: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one kubeconfig. Relative paths are taken from its folder, as kubectl does.
 *
 * @param value what its YAML (or JSON) says
 * @param file its path, for relative paths and errors
 * @throws HarkError `kubeconfig` when it is no kubeconfig
 */
export function parseKubeconfig(value: unknown, file: string): Kubeconfig {
  if (value === null || value === undefined) return parseKubeconfig({}, file);
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new HarkError('kubeconfig', `cannot read kubeconfig "${file}": it holds no YAML mapping`, {
      hint: 'Name another one: --kubeconfig FILE',
    });
  }
  const config = value as Fields;
  const folder = dirname(file);
  return {
    clusters: readNamed(config.clusters, 'cluster', (name, fields) => readCluster(name, fields, folder)),
    users: readNamed(config.users, 'user', (name, fields) => readUser(name, fields, file)),
    contexts: readNamed(config.contexts, 'context', readContext),
    currentContext: text(config['current-context']),
  };
}

/** Joins kubeconfigs as kubectl does: the first one to name something wins. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  return {
    clusters: firstOfEach(configs.map((config) => config.clusters)),
    users: firstOfEach(configs.map((config) => config.users)),
    contexts: firstOfEach(configs.map((config) => config.contexts)),
    currentContext: configs.find((config) => config.currentContext !== '')?.currentContext ?? '',
  };
}

/** A cluster entry with everything left out but its server. */
export function bareCluster(name: string, server: string): KubeconfigCluster {
  return readCluster(name, { server }, '');
}

/** A user entry that offers nothing. */
export function bareUser(name: string): KubeconfigUser {
  return readUser(name, {}, '');
}

function readCluster(name: string, fields: Fields, folder: string): KubeconfigCluster {
  return {
    name,
    server: text(fields.server).replace(/\/+$/, ''),
    tlsServerName: text(fields['tls-server-name']),
    insecure: flag(fields['insecure-skip-tls-verify']),
    disableCompression: flag(fields['disable-compression']),
    caFile: path(fields['certificate-authority'], folder),
    caData: text(fields['certificate-authority-data']),
    proxyUrl: text(fields['proxy-url']),
    execExtension: list(fields.extensions).find(
      (extension) => extension.name === 'client.authentication.k8s.io/exec',
    )?.extension,
  };
}

function readUser(name: string, fields: Fields, file: string): KubeconfigUser {
  const folder = file === '' ? '' : dirname(file);
  return {
    name,
    file,
    certFile: path(fields['client-certificate'], folder),
    certData: text(fields['client-certificate-data']),
    keyFile: path(fields['client-key'], folder),
    keyData: text(fields['client-key-data']),
    token: text(fields.token),
    tokenFile: path(fields.tokenFile ?? fields['token-file'], folder),
    username: text(fields.username),
    password: text(fields.password),
    impersonate: readImpersonation(fields),
    authProvider: readAuthProvider(fields['auth-provider']),
    exec: readExec(fields.exec, folder),
  };
}

function readImpersonation(fields: Fields): Impersonation {
  const extra = Object.entries(mapping(fields['as-user-extra'])).map(([key, values]) => [key, texts(values)]);
  return {
    user: text(fields.as),
    uid: text(fields['as-uid']),
    groups: texts(fields['as-groups']),
    extra: Object.fromEntries(extra),
  };
}

function readAuthProvider(value: unknown): KubeconfigUser['authProvider'] {
  const fields = mapping(value);
  if (text(fields.name) === '') return undefined;
  const config = Object.entries(mapping(fields.config)).map(([key, setting]) => [key, text(setting)]);
  return { name: text(fields.name), config: Object.fromEntries(config) };
}

/** A command with a slash in it is relative to the kubeconfig's folder, one without is looked up on the PATH. */
function readExec(value: unknown, folder: string): ExecConfig | undefined {
  const fields = mapping(value);
  const command = text(fields.command);
  if (command === '') return undefined;
  return {
    apiVersion: text(fields.apiVersion) || 'client.authentication.k8s.io/v1',
    command: /[\\/]/.test(command) ? path(command, folder) : command,
    args: texts(fields.args),
    env: list(fields.env).map((entry) => ({ name: text(entry.name), value: text(entry.value) })),
    installHint: text(fields.installHint).trim(),
    provideClusterInfo: flag(fields.provideClusterInfo),
    interactive: text(fields.interactiveMode) !== 'Never',
  };
}

function readContext(name: string, fields: Fields): KubeconfigContext {
  return { name, cluster: text(fields.cluster), user: text(fields.user), namespace: text(fields.namespace) };
}

function readNamed<T>(
  entries: unknown,
  field: string,
  read: (name: string, fields: Fields) => T,
): ReadonlyMap<string, T> {
  const named = list(entries).filter((entry) => text(entry.name) !== '');
  return firstOfEach(
    named.map((entry) => new Map([[text(entry.name), read(text(entry.name), mapping(entry[field]))]])),
  );
}

function firstOfEach<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  const all = new Map<string, T>();
  for (const map of maps) for (const [name, value] of map) if (!all.has(name)) all.set(name, value);
  return all;
}

function text(value: unknown): string {
  return value === null || value === undefined || typeof value === 'object' ? '' : String(value);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function flag(value: unknown): boolean {
  return value === true || value === 'true';
}

function path(value: unknown, folder: string): string {
  const given = text(value);
  return given === '' || isAbsolute(given) ? given : join(folder, given);
}

function mapping(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(mapping) : [];
}
