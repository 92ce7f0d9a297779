import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Cluster } from '../kube/cluster.ts';
import type { Clock } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { parseDuration } from '../lib/parse-duration.ts';
import { type MicrosLength, SECOND } from '../lib/time.ts';
import type { AuditLog } from '../server/access/audit-log.ts';
import type { AccessSetup } from '../server/access/guard-served.ts';
import type { Trust, TrustFiles } from '../server/access/read-trust.ts';
import type { Context } from './context.ts';
import { collectList } from './parse-values.ts';

/** The flags that say who may see what: kube-apiserver's and kubelet's, by their names. */
export interface AccessFlags extends TrustFiles {
  readonly authorizationMode?: 'AlwaysAllow' | 'Webhook';
  readonly authenticationContext?: string;
  readonly authenticationLookup?: true;
  readonly apiAudiences?: readonly string[];
  readonly authenticationTokenWebhookCacheTtl?: MicrosLength;
  readonly authorizationWebhookCacheAuthorizedTtl?: MicrosLength;
  readonly authorizationWebhookCacheUnauthorizedTtl?: MicrosLength;
  readonly auditLogPath?: string;
  readonly auditLogMaxsize?: number;
  readonly auditLogMaxbackup?: number;
}

/** What aggregated API servers believe their API server for (`DelegatingAuthorizationOptions`), but for what was denied: that costs most to ask. */
const TOKENS_FOR = 10 * SECOND;
const ALLOWED_FOR = 10 * SECOND;
const DENIED_FOR = 30 * SECOND;
const MEGABYTE = 1024 * 1024;
const BACKUPS = 5;
const MODES = ['AlwaysAllow', 'Webhook'] as const;

/** Flags that mean nothing unless the API server is asked. */
const OF_WEBHOOK = [
  'authenticationContext',
  'authenticationLookup',
  'apiAudiences',
  'authenticationTokenWebhookCacheTtl',
  'authorizationWebhookCacheAuthorizedTtl',
  'authorizationWebhookCacheUnauthorizedTtl',
  'clientCaFile',
  'requestheaderClientCaFile',
  'requestheaderAllowedNames',
  'requestheaderUsernameHeaders',
  'requestheaderGroupHeaders',
  'requestheaderUidHeaders',
  'requestheaderExtraHeadersPrefix',
] as const satisfies readonly (keyof AccessFlags)[];

export function declareAccess(parser: Command): void {
  const duration = (flag: string) => (value: string) => parseDuration(value, flag);
  const ttl = (name: string, what: string, usual: string) =>
    parser.option(
      `--${name} <DURATION>`,
      `how long ${what} is believed (default: ${usual})`,
      duration(`--${name}`),
    );
  parser
    .optionsGroup('Who may see what (docs/access.md):')
    .option('--tls-cert, --tls-cert-file <FILE>', 'serve encrypted: the certificate and its chain, PEM')
    .option('--tls-key, --tls-private-key-file <FILE>', 'its private key, PEM')
    .option(
      '--authorization-mode <MODE>',
      'Webhook: each cluster’s API server says who may see what of it (default: AlwaysAllow)',
      parseMode,
    )
    .option(
      '--authentication-context <NAME>',
      'the kubeconfig context whose API server knows the users (default: the first)',
    )
    .option(
      '--api-audiences <NAMES>',
      'whom tokens must be meant for (default: the API server itself)',
      collectList,
    )
    .option('--client-ca-file <FILE>', 'CAs of users’ certificates, PEM')
    .option(
      '--requestheader-client-ca-file <FILE>',
      'CAs of the certificate of a proxy that says in headers who asks, PEM',
    )
    .option(
      '--requestheader-allowed-names <NAMES>',
      'common names of that certificate (default: any)',
      collectList,
    )
    .option(
      '--requestheader-username-headers <NAMES>',
      'headers with the user (default: X-Remote-User)',
      collectList,
    )
    .option(
      '--requestheader-group-headers <NAMES>',
      'headers with groups (default: X-Remote-Group)',
      collectList,
    )
    .option(
      '--requestheader-uid-headers <NAMES>',
      'headers with the uid (default: X-Remote-Uid)',
      collectList,
    )
    .option(
      '--requestheader-extra-headers-prefix <PREFIXES>',
      'beginnings of headers with more (default: X-Remote-Extra-)',
      collectList,
    )
    .option(
      '--authentication-lookup',
      'take the CAs and headers above from the cluster, as aggregated API servers do',
    );
  ttl('authentication-token-webhook-cache-ttl', 'whose a token is', '10s');
  ttl('authorization-webhook-cache-authorized-ttl', 'that something is allowed', '10s');
  ttl('authorization-webhook-cache-unauthorized-ttl', 'that something is not', '30s');
  parser
    .option(
      '--audit-log-path <FILE>',
      'write who read what, a line of JSON each; - for stdout (default: off)',
    )
    .option(
      '--audit-log-maxsize <MEGABYTES>',
      'begin another file before it grows beyond (default: never)',
      (value) => parseWhole(value, '--audit-log-maxsize', 1),
    )
    .option(
      '--audit-log-maxbackup <NUMBER>',
      `with --audit-log-maxsize, how many old files are kept (default: ${BACKUPS})`,
      (value) => parseWhole(value, '--audit-log-maxbackup', 0),
    );
}

export function wantsReview({ authorizationMode }: AccessFlags): boolean {
  return authorizationMode === 'Webhook';
}

/**
 * What the flags ask for.
 *
 * @param clusters those that are listened to
 * @throws HarkError `usage`; an ApiFailure when the cluster's own settings are wanted and cannot be had
 */
export async function readAccess(
  flags: AccessFlags,
  clusters: readonly Cluster[],
  context: Context,
  clock: Clock,
): Promise<{ readonly trust: Trust; readonly setup: AccessSetup | undefined }> {
  const { readTrust } = await import('../server/access/read-trust.ts');
  const readText = (path: string, flag: string) => readFile(path, flag, context);
  const files = pickFiles(flags);
  if (!wantsReview(flags)) {
    const given = OF_WEBHOOK.find((name) => flags[name] !== undefined);
    if (given !== undefined) throw wantsWebhook(given);
    return { trust: await readTrust(files, readText), setup: undefined };
  }
  const ordered = orderClusters(clusters, flags.authenticationContext);
  const lookUp = async () => {
    const { readClusterAuthentication } = await import('../kube/read-front-proxy.ts');
    return await readClusterAuthentication(ordered[0], { clock });
  };
  const readAgain = () => readTrust(files, readText, flags.authenticationLookup ? lookUp : undefined);
  const trust = await readAgain();
  const setup = {
    clusters: ordered,
    audiences: flags.apiAudiences ?? [],
    believeFor: {
      tokens: flags.authenticationTokenWebhookCacheTtl ?? TOKENS_FOR,
      allowed: flags.authorizationWebhookCacheAuthorizedTtl ?? ALLOWED_FOR,
      denied: flags.authorizationWebhookCacheUnauthorizedTtl ?? DENIED_FOR,
    },
    trust,
    readTrust: readAgain,
  };
  return { trust, setup };
}

/** Where reads are told, when that is wanted. */
export async function openAudit(
  { auditLogPath: path, auditLogMaxsize: most, auditLogMaxbackup: maxBackups = BACKUPS }: AccessFlags,
  context: Context,
): Promise<AuditLog | undefined> {
  if (path === undefined) {
    if (most === undefined) return undefined;
    throw new HarkError(
      'usage',
      '--audit-log-maxsize is for the file of --audit-log-path, which is missing',
      {
        hint: 'For example: --audit-log-path audit.log --audit-log-maxsize 100',
      },
    );
  }
  const { openAuditLog } = await import('../server/access/audit-log.ts');
  return openAuditLog({
    path: path === '-' ? path : resolve(context.cwd, path),
    print: (line) => context.stdout.stream.write(line),
    maxBytes: most === undefined ? undefined : most * MEGABYTE,
    maxBackups,
    report: ({ message }) =>
      context.stderr.stream.write(`hark: the audit log cannot be written, entries are lost: ${message}\n`),
  });
}

/** The one that knows the users first. */
function orderClusters(
  clusters: readonly Cluster[],
  wanted: string | undefined,
): readonly [Cluster, ...Cluster[]] {
  const home = wanted === undefined ? clusters[0] : clusters.find(({ name }) => name === wanted);
  if (home !== undefined) return [home, ...clusters.filter((cluster) => cluster !== home)];
  if (clusters.length === 0)
    throw new HarkError(
      'usage',
      '--authorization-mode "Webhook" asks the API servers of the clusters that are listened to: there is none',
      { hint: 'Name them: --contexts prod,staging' },
    );
  throw new HarkError('usage', `--authentication-context "${wanted}" is not among those listened to`, {
    hint: `There is ${clusters.map(({ name }) => name).join(', ')}: --contexts names them.`,
  });
}

function pickFiles(flags: AccessFlags): TrustFiles {
  const names: readonly (keyof TrustFiles)[] = [
    'tlsCertFile',
    'tlsPrivateKeyFile',
    ...OF_WEBHOOK.filter((name) => name.startsWith('requestheader') || name === 'clientCaFile'),
  ] as readonly (keyof TrustFiles)[];
  return Object.fromEntries(
    names.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]),
  );
}

function wantsWebhook(name: string): HarkError {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return new HarkError(
    'usage',
    `${flag} is about who may see what, and --authorization-mode says that everyone may see all`,
    {
      hint: `Add --authorization-mode Webhook, or leave ${flag} away.`,
    },
  );
}

function parseMode(value: string): (typeof MODES)[number] {
  const mode = MODES.find((one) => one === value);
  if (mode !== undefined) return mode;
  throw new HarkError('usage', `--authorization-mode "${value}" is none: ${MODES.join(', ')}`, {
    hint: 'For example: --authorization-mode Webhook',
  });
}

function parseWhole(value: string, flag: string, least: number): number {
  if (/^\d{1,6}$/.test(value) && Number(value) >= least) return Number(value);
  throw new HarkError('usage', `${flag} "${value}" is no whole number from ${least} on`, {
    hint: `For example: ${flag} 100`,
  });
}

/** @throws HarkError `usage` */
function readFile(path: string, flag: string, { cwd }: Context): string {
  try {
    return readFileSync(resolve(cwd, path), 'utf8');
  } catch (error) {
    throw new HarkError('usage', `cannot read ${flag} "${path}"`, { cause: error });
  }
}
