using JwksAuth.Bearer.Configuration;
using JwksAuth.Tool.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tool.Explain;

/// <summary>Validates a token as an API would, then again without each failed rule, until no further check is possible.</summary>
internal sealed class TokenTrial : IAsyncDisposable
{
    private const string Scheme = "Bearer";

    private readonly ServiceProvider _services;

    private TokenTrial(ServiceProvider services) => _services = services;

    [Flags]
    private enum Waived
    {
        Nothing = 0,
        Type = 1,
        IssuedAt = 2,
        Expiration = 4,
        Lifetime = 8,
        Issuer = 16,
        Audience = 32,
        All = 63,
    }

    public TimeSpan ClockSkew => Plans.Of(Scheme).Rules.ClockSkew;

    private BearerPlans Plans => _services.GetRequiredService<BearerPlans>();

    /// <param name="token">The token, whose own values are accepted if a rule is waived.</param>
    /// <param name="audiences">The audiences to accept; empty for any.</param>
    /// <exception cref="ToolException">The settings are not valid.</exception>
    public static TokenTrial Create(TokenContent token, string[] audiences, Action<JwksBearerOptions> trust)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        for (var waived = Waived.Nothing; waived <= Waived.All; waived++)
        {
            var current = waived;
            services.AddJwksTokenValidator(NameOf(current), options =>
            {
                options.AcceptAnyAudience = audiences.Length == 0;
                options.TokenValidationParameters.ValidAudiences = audiences;
                trust(options);
                Waive(options, current, token);
            });
        }

        var trial = new TokenTrial(services.BuildServiceProvider());
        if (trial.Plans.Of(Scheme).Faults is { Count: > 0 } faults)
            throw new ToolException(
                $"This issuer and these keys cannot be used to check a token: {string.Join("; ", faults).TrimEnd('.')}.");
        return trial;
    }

    public async Task<TrialResult> JudgeAsync(string token, CancellationToken cancellationToken)
    {
        var validator = _services.GetRequiredService<IJwksTokenValidator>();
        var failures = new List<JwksTokenFailure>();
        for (var waived = Waived.Nothing; ;)
        {
            var result = await validator.ValidateBoundAsync(token, NameOf(waived), cancellationToken);
            if (result.Failure is not { } failure)
                return new TrialResult(failures, StoppedBy: null);
            if (!failures.Contains(failure))
                failures.Add(failure);
            var next = WaiverOf(failure);
            if (next == Waived.Nothing || waived.HasFlag(next))
                return new TrialResult(failures, failure);
            waived |= next;
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static string NameOf(Waived waived) => waived == Waived.Nothing ? Scheme : $"{Scheme} {(int)waived}";

    private static Waived WaiverOf(JwksTokenFailure failure) => failure switch
    {
        JwksTokenFailure.Type => Waived.Type,
        JwksTokenFailure.NoIssuedAt => Waived.IssuedAt,
        JwksTokenFailure.NoExpiration => Waived.Expiration,
        JwksTokenFailure.Expired or JwksTokenFailure.NotYetValid => Waived.Lifetime,
        JwksTokenFailure.Issuer => Waived.Issuer,
        JwksTokenFailure.Audience or JwksTokenFailure.NoAudience => Waived.Audience,
        _ => Waived.Nothing,
    };

    private static void Waive(JwksBearerOptions options, Waived waived, TokenContent token)
    {
        var parameters = options.TokenValidationParameters;
        if (waived.HasFlag(Waived.Type))
            options.ValidTypes = [token.Header("typ") ?? ""];
        options.RequireIssuedAt = !waived.HasFlag(Waived.IssuedAt);
        parameters.RequireExpirationTime = !waived.HasFlag(Waived.Expiration);
        parameters.ValidateLifetime = !waived.HasFlag(Waived.Lifetime);
        parameters.ValidateIssuer = !waived.HasFlag(Waived.Issuer);
        options.AcceptAnyAudience |= waived.HasFlag(Waived.Audience);
    }
}
