using JwksAuth;
using JwksAuth.Access.Binding;
using JwksAuth.Access.Callers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds support for sender-constrained tokens.</summary>
public static class JwksSenderConstraintAuthenticationBuilderExtensions
{
    /// <summary>
    /// Lets a scheme accept sender-constrained tokens, which are bound to the client certificate of the connection (RFC 8705) or to the key
    /// of a DPoP proof (RFC 9449). Without this, bound tokens are refused.
    /// </summary>
    /// <param name="authenticationScheme">A scheme of this package. Default <c>Bearer</c>.</param>
    /// <param name="configure">Sets options; null sets none.</param>
    public static AuthenticationBuilder AddJwksSenderConstraint(
        this AuthenticationBuilder builder, string authenticationScheme = JwtBearerDefaults.AuthenticationScheme,
        Action<JwksSenderConstraintOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);

        builder.Services.AddOptions<JwksSenderConstraintOptions>(authenticationScheme)
            .Configure(options =>
            {
                options.IsEnabled = true;
                configure?.Invoke(options);
            })
            .Validate(SenderConstraintFaults.HasAlgorithms, SenderConstraintFaults.Algorithms)
            .Validate(SenderConstraintFaults.HasMethod, SenderConstraintFaults.Method)
            .Validate(SenderConstraintFaults.HasOrigins, SenderConstraintFaults.Origins)
            .Validate(SenderConstraintFaults.HasTimes, SenderConstraintFaults.Times)
            .Validate<IServiceProvider>(
                (_, provider) => SchemeNames.AreKnown(provider, [authenticationScheme]),
                SchemeNames.Unknown($"AddJwksSenderConstraint(\"{authenticationScheme}\")"))
            .ValidateOnStart();
        return builder;
    }
}
