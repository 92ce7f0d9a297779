import { HarkError } from '../lib/errors.ts';

/** Which requests go through: as `kubectl proxy` decides it. */
export interface ProxyRules {
  readonly acceptPaths: readonly RegExp[];
  /** Stronger than `acceptPaths`. */
  readonly rejectPaths: readonly RegExp[];
  readonly acceptHosts: readonly RegExp[];
  readonly rejectMethods: readonly RegExp[];
}

/** Those of `kubectl proxy` (kubectl, `pkg/proxy/proxy_server.go`): this machine's names alone, and no commands in containers. */
export const DEFAULT_RULES = {
  acceptHosts: '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$',
  acceptPaths: '^.*',
  rejectPaths: '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach',
  rejectMethods: '^$',
} as const;

/**
 * Reads a list of regular expressions, separated by commas; an empty text is no expression at all.
 *
 * @param flag as typed, for the error: `--accept-paths`
 * @throws HarkError `usage`
 */
export function parseExpressions(text: string, flag: string): RegExp[] {
  if (text === '') return [];
  return text.split(',').map((source) => parseExpression(source, flag));
}

function parseExpression(source: string, flag: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    const why = (error as Error).message.replace(/^Invalid regular expression: /, '');
    throw new HarkError('usage', `${flag} "${source}" is no regular expression: ${why}`, {
      hint: `Several are separated by commas: ${flag} '^/api/v1/pods,^/version'`,
      cause: error,
    });
  }
}

/**
 * Whether a request goes through.
 *
 * @param readings the path, decoded, without query, in all ways in which it may be read
 * @param host without port, IPv6 in brackets
 */
export function isAccepted(
  rules: ProxyRules,
  {
    method,
    readings,
    host,
  }: { readonly method: string; readonly readings: readonly string[]; readonly host: string },
): boolean {
  if (matches(rules.rejectMethods, method) || !matches(rules.acceptHosts, host)) return false;
  return readings.every((path) => matches(rules.acceptPaths, path) && !matches(rules.rejectPaths, path));
}

function matches(expressions: readonly RegExp[], text: string): boolean {
  return expressions.some((expression) => expression.test(text));
}
