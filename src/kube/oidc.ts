import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../lib/clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { type Micros, SECOND } from '../lib/time.ts';
import type { CredentialOptions, LoginPlugin } from './credentials.ts';
import type { KubeconfigUser } from './kubeconfig.ts';
import type { OidcTokens } from './stored-tokens.ts';

/** The settings of a kubeconfig's `oidc` auth provider. */
export type OidcConfig = Readonly<Record<string, string>>;

/** A token this close to its end is not worth sending. */
const LEEWAY = 10 * SECOND;

/**
 * The kubeconfig's `oidc` auth provider: its ID token, refreshed once it has expired, by the newest refresh token that the kubeconfig holds by then. New
 * tokens are written back to it, as kubectl does; when they cannot be, that is told once.
 */
export function openOidc(user: KubeconfigUser, config: OidcConfig, options: CredentialOptions): LoginPlugin {
  const { clock, env } = options;
  const place = { file: user.file, user: user.name };
  let current: OidcTokens = {
    idToken: config['id-token'] ?? '',
    refreshToken: config['refresh-token'] ?? '',
  };
  /** What the kubeconfig held when it was last looked at. */
  let stored = current;
  let refused = '';
  let refreshing: Promise<void> | undefined;
  let toldFailure = false;

  async function refresh(): Promise<void> {
    const { isNewer, tokens } = await readNewest();
    current = tokens;
    if (isNewer && tokens.idToken !== refused && isGood(tokens, clock)) return;
    if (current.refreshToken === '')
      throw oidcFailure(config, 'the kubeconfig holds no refresh token', undefined);
    try {
      const { refreshOidcToken } = await import('./refresh-oidc-token.ts');
      current = await refreshOidcToken(config, current.refreshToken, env);
    } catch (error) {
      throw oidcFailure(config, describe(error), error);
    }
    await keep(current);
  }

  /** Somebody else may have refreshed what the kubeconfig holds. */
  async function readNewest(): Promise<{ readonly isNewer: boolean; readonly tokens: OidcTokens }> {
    const { readStoredTokens } = await import('./stored-tokens.ts');
    const found = await readStoredTokens(place);
    const isNewer = found !== undefined && !isDeepStrictEqual(found, stored);
    if (isNewer) stored = found;
    return { isNewer, tokens: isNewer ? found : current };
  }

  async function keep(tokens: OidcTokens): Promise<void> {
    try {
      const { writeStoredTokens } = await import('./stored-tokens.ts');
      await writeStoredTokens(place, tokens, clock);
      stored = tokens;
    } catch (error) {
      if (toldFailure) return;
      toldFailure = true;
      const why = `the refreshed OIDC token cannot be kept in kubeconfig "${place.file}": ${describe(error)}`;
      options.onPluginOutput?.(`${why}. kubectl may have to log in again.\n`);
    }
  }

  return {
    async read() {
      if (!isGood(current, clock)) {
        refreshing ??= refresh().finally(() => {
          refreshing = undefined;
        });
        await refreshing;
      }
      return { token: current.idToken };
    },
    reload() {
      refused = current.idToken;
      current = { ...current, idToken: '' };
    },
    close: () => undefined,
  };
}

function isGood({ idToken }: OidcTokens, clock: Clock): boolean {
  return readExpiry(idToken) > clock.now() + LEEWAY;
}

/** When a JSON Web Token ends; 0 when it does not say. */
function readExpiry(token: string): Micros {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const { exp } = claims as { exp?: unknown };
    return typeof exp === 'number' ? exp * SECOND : 0;
  } catch {
    return 0;
  }
}

/** The provider's own words where it gave some (RFC 6749, 5.2). */
function describe(error: unknown): string {
  const { message, error_description: said } = error as { message: string; error_description?: string };
  return said ?? message;
}

function oidcFailure(config: OidcConfig, why: string, cause: unknown): HarkError {
  return new HarkError('credentials', `the OIDC token has expired and cannot be refreshed: ${why}`, {
    exitCode: EXIT.forbidden,
    hint: `Log in again at ${config['idp-issuer-url'] || 'your identity provider'}`,
    cause,
  });
}
