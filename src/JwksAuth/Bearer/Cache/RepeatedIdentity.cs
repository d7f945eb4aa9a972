using System.Runtime.InteropServices;
using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer;

/// <summary>
/// An identity with the claims of a pattern, each of which it copies before anybody gets hold of it: what a request does to its identity reaches
/// no other, and a request that looks at one claim copies one.
/// </summary>
/// <remarks>
/// Until then the claims of the pattern lie in the base's own list, so that whoever copies an identity past every override, as
/// <c>new ClaimsIdentity(user.Identity)</c> does, finds them there, and copies them because they are another's.
/// </remarks>
internal sealed class RepeatedIdentity : CaseSensitiveClaimsIdentity
{
    private readonly ClaimsIdentity _pattern;
    private readonly List<Claim> _claims;
    private volatile bool _isOwn;

    /// <param name="pattern">The pattern, without its claims.</param>
    /// <param name="claims">The claims of the pattern, which is the subject of each.</param>
    public RepeatedIdentity(ClaimsIdentity pattern, Claim[] claims)
        : base(pattern)
    {
        _pattern = pattern;
        _claims = (List<Claim>)base.Claims;
        _claims.AddRange(claims);
    }

    /// <summary>Whether the framework keeps the claims of an identity in the very list that it shows; promised nowhere, and so tried out.</summary>
    public static bool IsSupported { get; } = KeepsClaimsInListShown();

    public override IEnumerable<Claim> Claims
    {
        get
        {
            CopyAll();
            return base.Claims;
        }
    }

    public override Claim? FindFirst(string type)
    {
        lock (_claims)
        {
            var index = IndexOf(type, null);
            return index < 0 ? null : CopyAt(index);
        }
    }

    public override bool HasClaim(string type, string value)
    {
        lock (_claims)
            return value is not null && IndexOf(type, value) >= 0;
    }

    private static bool KeepsClaimsInListShown()
    {
        var identity = new CaseSensitiveClaimsIdentity();
        (identity.Claims as List<Claim>)?.Add(new Claim("type", "value"));
        return new ClaimsIdentity(identity).HasClaim("type", "value");
    }

    private int IndexOf(string type, string? value)
    {
        for (var index = 0; index < _claims.Count; index++)
        {
            if (_claims[index].Type == type && (value is null || _claims[index].Value == value))
                return index;
        }

        return -1;
    }

    // Several threads may read an identity at once, and must see the same claims.
    private void CopyAll()
    {
        if (_isOwn)
            return;

        lock (_claims)
        {
            for (var index = 0; index < _claims.Count; index++)
                CopyAt(index);
            _isOwn = true;
        }
    }

    // Not by the indexer, which would break off whoever copies this identity past the overrides at the same time: that may go on with either claim.
    private Claim CopyAt(int index)
    {
        ref var claim = ref CollectionsMarshal.AsSpan(_claims)[index];
        if (ReferenceEquals(claim.Subject, _pattern))
            claim = claim.Clone(this);
        return claim;
    }
}
