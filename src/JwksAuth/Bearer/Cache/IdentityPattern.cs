using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer;

/// <summary>What the identities of a repeated token are copied from. Shared by requests, and shown to none of them.</summary>
internal sealed class IdentityPattern
{
    private readonly ClaimsIdentity _identity;
    private readonly Claim[]? _claims;

    /// <param name="identity">An identity that is given up to this.</param>
    public IdentityPattern(ClaimsIdentity identity)
    {
        _identity = identity;
        if (!RepeatedIdentity.IsSupported || identity.GetType() != typeof(CaseSensitiveClaimsIdentity))
            return;

        _claims = [.. identity.Claims];
        foreach (var claim in _claims)
            identity.RemoveClaim(claim);
    }

    /// <summary>An identity for one request, to change as it likes.</summary>
    public ClaimsIdentity Copy() => _claims is null ? _identity.Clone() : new RepeatedIdentity(_identity, _claims);
}
