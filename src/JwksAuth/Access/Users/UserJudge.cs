using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using JwksAuth.Access.Callers;
using JwksAuth.Foundation.Time;
using JwksAuth.Requests;
using JwksAuth.Responses;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JwksAuth.Access.Users;

/// <summary>Calls the application's user resolver, if there is one, for each token, and refuses a token without a user.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Lives as long as the host.")]
internal sealed class UserJudge
{
    private static readonly AccessRefusal NoSubject = new("The token names no user");
    private static readonly AccessRefusal NoClient = new("The token does not clearly name the client that it was issued to");
    private static readonly AccessRefusal Unknown = new("The user of the token is not known");
    private static readonly AccessRefusal Disabled = new("The user of the token is disabled");

    private static readonly string[] ClientClaims = ["client_id", "azp"];

    private readonly JwksUserResolverOptions _options;
    private readonly bool _hasResolver;
    private readonly MemoryCache? _found;

    public UserJudge(IServiceProviderIsService services, IOptions<JwksUserResolverOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _hasResolver = services.IsService(typeof(IJwksUserResolver));
        if (_options is { CacheDuration.Ticks: > 0, CacheCapacity: > 0 })
            _found = BoundedCache.Create(_options.CacheCapacity, time);
    }

    public bool Judges(string scheme) => _hasResolver && (_options.Schemes.Count == 0 || _options.Schemes.Contains(scheme));

    public async ValueTask<AccessRefusal?> JudgeAsync(TokenUse token)
    {
        if (!Judges(token.Scheme))
            return null;
        if (token.Identity.SingleText("sub") is not { } subject)
            return NoSubject;

        if (!TryFindClient(token.Identity, out var client))
            return NoClient;

        var user = new UserKey(token.Scheme, token.Issuer, subject, client);
        var resolution = _found?.Get<JwksUserResolution>(user) ?? await ResolveAsync(token, user);
        if (resolution.User is null)
            return resolution == JwksUserResolution.Disabled ? Disabled : Unknown;

        ResolvedUser.Attach(token.Identity, resolution.User);
        return null;
    }

    // An ambiguous client must not be taken for another client or for none: the same subject could be another user there.
    private static bool TryFindClient(ClaimsIdentity identity, out string? client)
    {
        if (ServiceProviderClaim.Read(identity) is { } provider)
        {
            client = provider.Value;
            return true;
        }

        var name = ClientClaims.FirstOrDefault(name => identity.Named(name).Any());
        client = name is null ? null : identity.SingleText(name);
        return name is null || client is not null;
    }

    private async Task<JwksUserResolution> ResolveAsync(TokenUse token, UserKey user)
    {
        var resolver = token.Context.RequestServices.GetRequiredService<IJwksUserResolver>();
        var request = new JwksUserRequest(user.Scheme, user.Issuer, user.Subject, user.ClientId, token.Identity);
        var resolution = await resolver.ResolveAsync(request, token.Context.RequestAborted);
        if (resolution.User is not null)
            _found?.Set(
                user, resolution, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _options.CacheDuration });
        return resolution;
    }

    /// <summary>Identifies a user: equal subjects of two issuers, or pairwise subjects of two clients, are different users.</summary>
    private sealed record UserKey(string Scheme, string Issuer, string Subject, string? ClientId);
}
