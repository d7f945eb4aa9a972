using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace JwksAuth.IntegrationTests.AuthorizationServer;

/// <summary>
/// A real authorization server on loopback: npm <c>oidc-provider</c>, with the clients and resources that
/// <c>authorization-server/clients.mjs</c> and <c>resources.mjs</c> list.
/// </summary>
/// <remarks>Without Node.js, tests are skipped: each begins with <see cref="SkipWhenUnavailable"/>.</remarks>
public sealed class OidcProviderFixture : IAsyncLifetime
{
    private const string WebClientId = "web";
    private const string WebClientSecret = "web-secret";
    private const string WebRedirectUri = "http://127.0.0.1/callback";

    private NodeServer? _server;
    private NodeServerAddresses? _addresses;

    /// <summary>Null if the server can be used, otherwise the reason why not.</summary>
    public string? UnavailableReason { get; private set; }

    /// <summary>The tests' HTTP client for any endpoint of the server.</summary>
    public HttpClient Client { get; } = new();

    public string Issuer => Addresses.Issuer;

    public Uri TokenEndpoint => new($"{Issuer}/token");

    public Uri IntrospectionEndpoint => new($"{Issuer}/token/introspection");

    public Uri RevocationEndpoint => new($"{Issuer}/token/revocation");

    public Uri JwksUri => new($"{Issuer}/jwks");

    private NodeServerAddresses Addresses => _addresses ?? throw new InvalidOperationException("The authorization server is not running.");

    public async Task InitializeAsync()
    {
        UnavailableReason = await NodeServer.FindUnavailableReasonAsync();
        if (UnavailableReason is null)
        {
            var directory = FindServerDirectory();
            await NodePackages.EnsureInstalledAsync(directory);
            (_server, _addresses) = await NodeServer.StartAsync(directory);
        }
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    public void SkipWhenUnavailable() => Skip.If(UnavailableReason is not null, UnavailableReason);

    /// <summary>An access token of the client credentials grant, for one resource (RFC 8707).</summary>
    /// <remarks><c>configure</c> adds to the request, such as a DPoP proof or a forwarded certificate (RFC 9440, <c>Client-Cert</c>).</remarks>
    public async Task<string> GetTokenAsync(
        string resource,
        string clientId = "caller",
        string clientSecret = "caller-secret",
        string scope = "read",
        Action<HttpRequestMessage>? configure = null)
    {
        var answer = await RequestTokenAsync(
            new() { ["grant_type"] = "client_credentials", ["resource"] = resource, ["scope"] = scope }, clientId, clientSecret, configure);
        return (string)answer["access_token"]!;
    }

    /// <summary>The tokens of a user who signed in through the authorization code flow with PKCE at the client <c>web</c>.</summary>
    public async Task<UserTokens> SignInAsync(string resource, string scope = "openid read", string account = "alice")
    {
        var flow = new AuthorizationCodeFlow(Issuer, WebClientId, WebRedirectUri);
        var answer = await RequestTokenAsync(
            new()
            {
                ["grant_type"] = "authorization_code",
                ["code"] = await flow.AuthorizeAsync(resource, scope, account),
                ["code_verifier"] = flow.CodeVerifier,
                ["redirect_uri"] = WebRedirectUri,
                ["resource"] = resource,
            },
            WebClientId,
            WebClientSecret);
        return new UserTokens((string)answer["access_token"]!, (string)answer["refresh_token"]!, (string)answer["id_token"]!);
    }

    /// <summary>The response of the token endpoint to a request authenticated with <c>client_secret_basic</c>.</summary>
    public async Task<JsonObject> RequestTokenAsync(
        Dictionary<string, string> parameters, string clientId, string clientSecret, Action<HttpRequestMessage>? configure = null)
    {
        using var response = await PostAsync(TokenEndpoint, parameters, clientId, clientSecret, configure);
        await EnsureSuccessAsync(response);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    /// <summary>Revokes a token on behalf of the client that it was issued to (RFC 7009).</summary>
    public async Task RevokeAsync(string token, string clientId = "caller", string clientSecret = "caller-secret")
    {
        using var response = await PostAsync(RevocationEndpoint, new() { ["token"] = token }, clientId, clientSecret);
        await EnsureSuccessAsync(response);
    }

    /// <summary>Posts a form authenticated with <c>client_secret_basic</c>, and returns the unchanged response.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        Uri endpoint,
        Dictionary<string, string> parameters,
        string clientId,
        string clientSecret,
        Action<HttpRequestMessage>? configure = null)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{clientSecret}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(parameters) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        configure?.Invoke(request);
        return await Client.SendAsync(request);
    }

    /// <summary>Signs with new keys from now on.</summary>
    /// <param name="keepOld">Whether the previous keys stay published.</param>
    public Task RotateKeyAsync(bool keepOld) => CommandAsync("keys/rotate", new() { ["keepOld"] = keepOld });

    /// <summary>Publishes only the keys that sign now.</summary>
    public Task WithdrawOldKeysAsync() => CommandAsync("keys/withdraw-old");

    /// <summary>Closes the issuer's port and all its connections; keys, clients and tokens are kept for <see cref="RestartAsync"/>.</summary>
    public Task StopAsync() => CommandAsync("stop");

    /// <summary>Listens again on the port that <see cref="StopAsync"/> closed.</summary>
    public Task RestartAsync() => CommandAsync("start");

    /// <summary>Adds or replaces a client, given its metadata (RFC 7591 with <c>client_id</c>); throws if the server refuses it.</summary>
    public Task RegisterClientAsync(JsonObject metadata) => CommandAsync("clients", metadata);

    /// <summary>Adds or replaces a resource that tokens can be requested for.</summary>
    /// <param name="resource">
    /// <c>identifier</c>, <c>scope</c>, <c>accessTokenFormat</c> (<c>jwt</c> or <c>opaque</c>), <c>accessTokenTTL</c> in seconds; for JWTs
    /// <c>sign</c> with <c>alg</c>, and for encrypted ones <c>encrypt</c> with <c>alg</c>, <c>enc</c> and <c>jwks_uri</c>.
    /// </param>
    public Task RegisterResourceAsync(JsonObject resource) => CommandAsync("resources", resource);

    /// <summary>Makes the server read every client's <c>jwks_uri</c> again, which it caches for at least a minute.</summary>
    public Task ForgetClientKeysAsync() => CommandAsync("client-keys/forget");

    /// <summary>Sets the expiry of an opaque token to an hour ago.</summary>
    public Task ExpireAsync(string token) => CommandAsync("tokens/expire", new() { ["token"] = token });

    /// <summary>A DPoP proof by npm <c>jose</c>, valid for the request and the token unless changed.</summary>
    /// <param name="request">
    /// <c>key</c>, a name for the key; <c>method</c>, <c>url</c>, and <c>token</c> if there is one; <c>claims</c> and <c>header</c> replace members.
    /// </param>
    public async Task<string> CreateDpopProofAsync(JsonObject request) => (string)(await CommandAsync("dpop/proofs", request))["proof"]!;

    /// <summary>Makes npm <c>oauth4webapi</c> get a bound token and call an API with it.</summary>
    /// <param name="call"><c>clientId</c>, <c>clientSecret</c>, <c>resource</c> and the <c>url</c> to call.</param>
    /// <returns><c>tokenType</c>, <c>challenges</c> that the client followed, <c>status</c> and <c>body</c> of the last response.</returns>
    public Task<JsonObject> CallWithDpopAsync(JsonObject call) => CommandAsync("dpop/calls", call);

    /// <summary>The JWKS of a client of npm <c>oauth4webapi</c>, with its key for an algorithm.</summary>
    public Task<JsonObject> GetClientKeysAsync(string algorithm) => CommandAsync("assertions/keys", new() { ["algorithm"] = algorithm });

    /// <summary>Makes npm <c>oauth4webapi</c> request a token, authenticated by <c>private_key_jwt</c>.</summary>
    /// <param name="request"><c>issuer</c>, <c>tokenEndpoint</c>, <c>clientId</c> and <c>algorithm</c>; <c>claims</c> replace those of the assertion.</param>
    /// <returns><c>status</c> and <c>body</c> of the response.</returns>
    public Task<JsonObject> RequestTokenByAssertionAsync(JsonObject request) => CommandAsync("assertions/tokens", request);

    /// <summary>How many requests the server has received for a path, such as <c>/jwks</c>.</summary>
    public async Task<int> CountAsync(string path)
    {
        var counts = await Client.GetFromJsonAsync<Dictionary<string, int>>(new Uri(Addresses.Control, "requests"));
        return counts!.GetValueOrDefault(path);
    }

    private static string FindServerDirectory()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "JwksAuth.sln")))
        {
            directory = directory.Parent;
        }

        return directory is null
            ? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds JwksAuth.sln.")
            : Path.Combine(directory.FullName, "tests", "JwksAuth.IntegrationTests", "authorization-server");
    }

    private static async Task EnsureSuccessAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"{response.RequestMessage?.RequestUri} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    private async Task<JsonObject> CommandAsync(string command, JsonObject? body = null)
    {
        using var response = await Client.PostAsJsonAsync(new Uri(Addresses.Control, command), body ?? []);
        await EnsureSuccessAsync(response);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
