using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer;

/// <summary>
/// A request's own copy of an identity that is remembered for a token. The claims are copied when somebody first looks at them or changes
/// them: many endpoints only ask whether the caller is authenticated. The remembered identity itself is never shown.
/// </summary>
internal sealed class RequestIdentity : CaseSensitiveClaimsIdentity
{
    private ClaimsIdentity? _remembered;

    public RequestIdentity(ClaimsIdentity remembered)
        : base(remembered.AuthenticationType, remembered.NameClaimType, remembered.RoleClaimType)
    {
        _remembered = remembered;
        Label = remembered.Label;
        BootstrapContext = remembered.BootstrapContext;
        Actor = remembered.Actor?.Clone();
    }

    public override IEnumerable<Claim> Claims
    {
        get
        {
            CopyClaims();
            return base.Claims;
        }
    }

    public override ClaimsIdentity Clone()
    {
        CopyClaims();
        return base.Clone();
    }

    public override void AddClaim(Claim claim)
    {
        CopyClaims();
        base.AddClaim(claim);
    }

    public override void AddClaims(IEnumerable<Claim?> claims)
    {
        CopyClaims();
        base.AddClaims(claims);
    }

    public override bool TryRemoveClaim(Claim? claim)
    {
        CopyClaims();
        return base.TryRemoveClaim(claim);
    }

    public override void RemoveClaim(Claim? claim)
    {
        CopyClaims();
        base.RemoveClaim(claim);
    }

    public override IEnumerable<Claim> FindAll(Predicate<Claim> match)
    {
        CopyClaims();
        return base.FindAll(match);
    }

    public override IEnumerable<Claim> FindAll(string type)
    {
        CopyClaims();
        return base.FindAll(type);
    }

    public override Claim? FindFirst(Predicate<Claim> match)
    {
        CopyClaims();
        return base.FindFirst(match);
    }

    public override Claim? FindFirst(string type)
    {
        CopyClaims();
        return base.FindFirst(type);
    }

    public override bool HasClaim(Predicate<Claim> match)
    {
        CopyClaims();
        return base.HasClaim(match);
    }

    public override bool HasClaim(string type, string value)
    {
        CopyClaims();
        return base.HasClaim(type, value);
    }

    protected override void WriteTo(BinaryWriter writer, byte[]? userData)
    {
        CopyClaims();
        base.WriteTo(writer, userData);
    }

    // Several threads of one request may read at a time; whoever comes first copies for all.
    private void CopyClaims()
    {
        if (Volatile.Read(ref _remembered) is not { } remembered)
            return;

        lock (remembered)
        {
            if (_remembered is null)
                return;
            base.AddClaims(remembered.Claims);
            Volatile.Write(ref _remembered, null);
        }
    }
}
