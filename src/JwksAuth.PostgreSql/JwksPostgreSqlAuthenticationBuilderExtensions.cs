using JwksAuth;
using JwksAuth.Fleet;
using JwksAuth.PostgreSql;
using JwksAuth.Replay;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Shares keys between the replicas of an API through PostgreSQL.</summary>
public static class JwksPostgreSqlAuthenticationBuilderExtensions
{
    /// <summary>Shares keys, the right to fetch and notifications; while the database is unreachable, each replica is alone.</summary>
    /// <param name="connectionString">The Npgsql connection string.</param>
    /// <param name="configureOptions">Sets options; null for none.</param>
    /// <exception cref="InvalidOperationException">The replicas already share their keys through another engine.</exception>
    /// <exception cref="OptionsValidationException">Thrown when the host starts: an option is out of range.</exception>
    public static AuthenticationBuilder AddJwksPostgreSql(
        this AuthenticationBuilder builder, string connectionString, Action<JwksPostgreSqlOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionString);

        builder.Services.AddFleetEngine<PostgreSqlFleet>();
        builder.Services.AddSharedReplays<PostgreSqlReplays>(
            provider => provider.GetRequiredService<IOptions<JwksPostgreSqlOptions>>().Value.ShareReplays);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<JwksPostgreSqlOptions>, PostgreSqlOptionsValidator>());
        builder.Services.AddHostedService<PostgreSqlListener>();
        var options = builder.Services.AddOptions<JwksPostgreSqlOptions>().ValidateOnStart();
        options.Configure(configured => configured.ConnectionString = connectionString);
        if (configureOptions is not null)
            options.Configure(configureOptions);
        return builder;
    }
}
