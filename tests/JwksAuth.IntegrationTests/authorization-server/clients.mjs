const machine = { redirect_uris: [], response_types: [] };
const caller = { ...machine, client_secret: 'caller-secret', grant_types: ['client_credentials'] };
const api = { ...machine, client_secret: 'api-secret', grant_types: [] };

// Callers request tokens, APIs introspect them. Tests register clients with their own keys through the control channel.
export const clients = [
  { ...caller, client_id: 'caller' },
  { ...caller, client_id: 'caller-dpop', dpop_bound_access_tokens: true },
  { ...caller, client_id: 'caller-mtls', tls_client_certificate_bound_access_tokens: true },
  { ...api, client_id: 'api' },
  { ...api, client_id: 'api-post', token_endpoint_auth_method: 'client_secret_post' },
  {
    client_id: 'web',
    client_secret: 'web-secret',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ['http://127.0.0.1/callback'],
    response_types: ['code'],
  },
];
