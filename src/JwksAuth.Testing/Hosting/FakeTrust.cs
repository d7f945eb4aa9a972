using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace JwksAuth.Testing;

/// <summary>Turns the options of a scheme to a fake server. Applying it twice changes nothing more.</summary>
internal static class FakeTrust
{
    internal static void Apply(JwtBearerOptions options, FakeJwksServer server)
    {
        TrustIssuer(options, server);
        TrustAudience(options, server.Audience);
        if (server.IsInProcess)
        {
            options.BackchannelHttpHandler = server.CreateHandler();
        }

        if (server.TimeProvider != TimeProvider.System)
        {
            options.TimeProvider = server.TimeProvider;
        }
    }

    private static void TrustIssuer(JwtBearerOptions options, FakeJwksServer server)
    {
        options.Authority = server.Issuer;
        options.MetadataAddress = null!; // follows from the authority, as in production
        options.RequireHttpsMetadata = server.IsInProcess;

        var parameters = options.TokenValidationParameters;
        parameters.ValidIssuer = server.Issuer;
        parameters.ValidIssuers = null;
        parameters.IssuerSigningKey = null;
        parameters.IssuerSigningKeys = null;
    }

    private static void TrustAudience(JwtBearerOptions options, string audience)
    {
        var parameters = options.TokenValidationParameters;
        if (options.Audience is null && parameters is { ValidateAudience: true, ValidAudience: null } && parameters.ValidAudiences?.Any() != true)
        {
            parameters.ValidAudience = audience;
        }
    }
}
