import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import * as oidc from 'openid-client';
import { chooseProxy } from './choose-proxy.ts';
import type { OidcConfig } from './oidc.ts';
import { openProxyAgent } from './open-agent.ts';
import { readDataOrFile } from './read-data-or-file.ts';

/**
 * Has an identity provider refresh a token. Not by client-node, whose 2.0.1 cannot: it hands openid-client a string for a URL, and an object that looks
 * like a Response for one.
 *
 * @param config the settings of the kubeconfig's `oidc` auth provider
 * @throws Error of openid-client when the provider refuses
 */
export async function refreshOidcToken(
  config: OidcConfig,
  refreshToken: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly idToken: string; readonly refreshToken: string }> {
  const ca = await readDataOrFile(
    config['idp-certificate-authority-data'] ?? '',
    config['idp-certificate-authority'] ?? '',
    "identity provider's CA",
  );
  const issuer = new URL(config['idp-issuer-url'] ?? '');
  const secret = config['client-secret'] || undefined;
  const fetchByCa = createFetch(ca, env);
  const provider = await oidc.discovery(issuer, config['client-id'] ?? '', secret, undefined, {
    [oidc.customFetch]: fetchByCa,
  });
  const tokens = await oidc.refreshTokenGrant(provider, refreshToken);
  if (tokens.id_token === undefined) throw new Error('the identity provider gave no ID token');
  return { idToken: tokens.id_token, refreshToken: tokens.refresh_token ?? refreshToken };
}

/** Node's own `fetch` cannot be told of a CA. */
function createFetch(
  ca: Buffer | undefined,
  env: Readonly<Record<string, string | undefined>>,
): oidc.CustomFetch {
  return async (address, { method, headers, body, signal }) => {
    const url = new URL(address);
    const proxy = chooseProxy(url, '', env);
    const trusted = ca === undefined ? {} : { ca };
    const agent =
      proxy === undefined
        ? new Agent({ ...trusted, proxyEnv: {} })
        : await openProxyAgent(false, trusted, proxy);
    const sent = request(url, { method, headers, agent, ...(signal ? { signal } : {}) });
    sent.end(body === undefined || body === null ? undefined : String(body));
    const [answer] = await once(sent, 'response');
    const content = await buffer(answer);
    const type = answer.headers['content-type'] ?? '';
    return new Response(content, { status: answer.statusCode, headers: { 'content-type': type } });
  };
}
