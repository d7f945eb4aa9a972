import { X509Certificate } from 'node:crypto';

import { Provider } from 'oidc-provider';
import MemoryAdapter from 'oidc-provider/lib/adapters/memory_adapter.js';

import { describeResource } from './resources.mjs';

export function createProvider({ issuer, keys, resources, store, cookieKey }) {
  return new Provider(issuer, {
    adapter: (model) => new MemoryAdapter(model, store),
    jwks: { keys },
    cookies: { keys: [cookieKey] },
    findAccount: (ctx, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
    fetch: fetchFromLoopback,
    features: {
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      encryption: { enabled: true },
      introspection: { enabled: true, allowedPolicy: async (ctx, client) => client.clientAuthMethod !== 'none' },
      jwtIntrospection: { enabled: true },
      mTLS: { enabled: true, certificateBoundAccessTokens: true, getCertificate: forwardedCertificate },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (ctx, identifier) => describeResource(resources, identifier),
        useGrantedResource: async () => true,
      },
      revocation: { enabled: true },
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: async (ctx, client) => client.grantTypeAllowed('refresh_token'),
    pkce: { required: () => true },
    rotateRefreshToken: false,
  });
}

// The provider's dispatcher refuses loopback addresses, where the tests publish their keys, and its signal gives up
// after 2.5 s, which a busy test machine may need to generate one.
function fetchFromLoopback(url, { dispatcher, signal, ...options }) {
  return fetch(url, { ...options, signal: AbortSignal.timeout(30_000) });
}

// RFC 9440: the certificate as a proxy in front of this server forwards it.
function forwardedCertificate(ctx) {
  const header = ctx.get('client-cert');
  return header ? new X509Certificate(Buffer.from(header.slice(1, -1), 'base64')) : undefined;
}
