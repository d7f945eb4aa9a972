using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer;

/// <summary>What the identities of a repeated token are copied from. Shared by requests, and shown to none of them.</summary>
internal sealed class IdentityPattern
{
    private readonly ClaimsIdentity _identity;
    private readonly Claim[]? _claims;

    public IdentityPattern(ClaimsIdentity identity)
    {
        _identity = identity.Clone();
        if (!RepeatedIdentity.IsSupported || _identity.GetType() != typeof(CaseSensitiveClaimsIdentity) || _identity.Claims.Any(IsForeign))
            return;

        _claims = [.. _identity.Claims];
        foreach (var claim in _claims)
            _identity.RemoveClaim(claim);
    }

    /// <summary>An identity for one request, to change as it likes.</summary>
    public ClaimsIdentity Copy() => _claims is null ? _identity.Clone() : new RepeatedIdentity(_identity, _claims);

    // A claim of the application's that does not say whose it is could not be told from one that was copied already.
    private bool IsForeign(Claim claim) => claim.Subject != _identity;
}
