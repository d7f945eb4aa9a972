using JwksAuth;
using Microsoft.EntityFrameworkCore;

namespace ServiceProviders;

/// <summary>Finds the member that a token identifies.</summary>
public sealed class MemberResolver(TeamsContext teams) : IJwksUserResolver
{
    public async ValueTask<JwksUserResolution> ResolveAsync(JwksUserRequest request, CancellationToken cancellationToken)
    {
        var member = await teams.Members.AsNoTracking().SingleOrDefaultAsync(
            known => known.Issuer == request.Issuer && known.ClientId == request.ClientId && known.Subject == request.Subject, cancellationToken);
        if (member is null)
            return JwksUserResolution.Unknown;
        return member.IsDisabled ? JwksUserResolution.Disabled : JwksUserResolution.Found(member);
    }
}
