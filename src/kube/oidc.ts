import { EXIT, HarkError } from '../lib/errors.ts';
import type { LoginPlugin, PartialIdentity } from './credentials.ts';
import { readBearer } from './exec-plugin.ts';

/**
 * The kubeconfig's `oidc` auth provider: its ID token, refreshed once it has expired. The new tokens are kept in memory only.
 *
 * @param config the auth provider's settings
 */
export function openOidc(config: Readonly<Record<string, string>>): LoginPlugin {
  // client-node writes refreshed tokens into it.
  const user = { name: 'oidc', authProvider: { name: 'oidc', config: { ...config } } };
  let auth: Promise<OidcLogin> | undefined;

  async function read(): Promise<PartialIdentity> {
    auth ??= loadOidc();
    const answer = { headers: {} as Record<string, unknown> };
    try {
      await (await auth).applyAuthentication(user, answer);
    } catch (error) {
      throw oidcFailure(config, `cannot refresh the OIDC token: ${(error as Error).message}`, error);
    }
    const token = readBearer(answer);
    if (token !== undefined) return { token };
    throw oidcFailure(config, 'the OIDC token has expired and cannot be refreshed', undefined);
  }

  return { read, close: () => undefined };
}

interface OidcLogin {
  applyAuthentication(user: object, answer: { headers: Record<string, unknown> }): Promise<void>;
}

/** Takes half a second to load (it brings the whole generated client): paid by OIDC users only. */
async function loadOidc(): Promise<OidcLogin> {
  const { OpenIDConnectAuth } = await import('@kubernetes/client-node/dist/oidc_auth.js');
  return new OpenIDConnectAuth() as unknown as OidcLogin;
}

function oidcFailure(config: Readonly<Record<string, string>>, text: string, cause: unknown): HarkError {
  return new HarkError('credentials', text, {
    exitCode: EXIT.forbidden,
    hint: `Log in again at ${config['idp-issuer-url'] || 'your identity provider'}`,
    cause,
  });
}
