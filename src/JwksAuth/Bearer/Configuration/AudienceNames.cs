using JwksAuth.Foundation.Settings;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Bearer.Configuration;

internal static class AudienceNames
{
    /// <summary>The audiences of the scheme, in all accepted spellings; null accepts any.</summary>
    public static string[]? Of(JwksBearerOptions options)
    {
        var parameters = options.TokenValidationParameters;
        return options.AcceptAnyAudience || !parameters.ValidateAudience || parameters.AudienceValidator is not null
            ? null
            : Spell(Stated(options), parameters);
    }

    /// <summary>The audiences of the scheme as written in the options.</summary>
    public static IEnumerable<string> Stated(JwksBearerOptions options)
    {
        var parameters = options.TokenValidationParameters;
        return AudienceSettings.All(
            options.Audience, [.. options.Audiences, .. AudienceSettings.All(parameters.ValidAudience, parameters.ValidAudiences ?? [])]);
    }

    /// <summary>The audiences of one issuer as written in the options; empty if those of the scheme apply.</summary>
    public static IEnumerable<string> Stated(JwksIssuer issuer) => AudienceSettings.All(issuer.Audience, issuer.Audiences);

    /// <summary>The audiences, with and without a trailing slash unless <c>IgnoreTrailingSlashWhenValidatingAudience</c> is off.</summary>
    public static string[] Spell(IEnumerable<string> audiences, TokenValidationParameters parameters) =>
    [
        .. audiences.Where(audience => audience.Length > 0)
            .SelectMany(audience => parameters.IgnoreTrailingSlashWhenValidatingAudience ? Spellings(audience) : [audience])
            .Distinct(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Spellings(string audience) =>
        audience.Length > 1 && audience[^1] == '/' ? [audience, audience + "/", audience[..^1]] : [audience, audience + "/"];
}
