import type { Clock } from '../lib/clock.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { type Micros, SECOND } from '../lib/time.ts';
import type { LoginPlugin } from './credentials.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The settings of a kubeconfig's `oidc` auth provider. */
export type OidcConfig = Readonly<Record<string, string>>;

/** A token this close to its end is not worth sending. */
const LEEWAY = 10 * SECOND;

/** The kubeconfig's `oidc` auth provider: its ID token, refreshed once it has expired. New tokens are kept in memory only. */
export function openOidc(config: OidcConfig, env: Env, clock: Clock): LoginPlugin {
  let current = { idToken: config['id-token'] ?? '', refreshToken: config['refresh-token'] ?? '' };
  let refreshing: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    if (current.refreshToken === '')
      throw oidcFailure(config, 'the kubeconfig holds no refresh token', undefined);
    try {
      const { refreshOidcToken } = await import('./refresh-oidc-token.ts');
      current = await refreshOidcToken(config, current.refreshToken, env);
    } catch (error) {
      throw oidcFailure(config, describe(error), error);
    }
  }

  return {
    async read() {
      if (readExpiry(current.idToken) <= clock.now() + LEEWAY) {
        refreshing ??= refresh().finally(() => {
          refreshing = undefined;
        });
        await refreshing;
      }
      return { token: current.idToken };
    },
    reload() {
      current = { ...current, idToken: '' };
    },
    close: () => undefined,
  };
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
