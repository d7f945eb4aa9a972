using JwksAuth;
using JwksAuth.Fleet;
using JwksAuth.PostgreSql;
using JwksAuth.Replay;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets the replicas of an API act as one through PostgreSQL.</summary>
public static class JwksPostgreSqlAuthenticationBuilderExtensions
{
    /// <summary>
    /// Shares fetched keys, the right to fetch them and notifications of changes through a table of PostgreSQL, for all schemes of JwksAuth.
    /// Without the database each replica works as if it were alone.
    /// </summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="connectionString">The connection string, as Npgsql reads it.</param>
    /// <param name="configureOptions">Sets options. Null sets none.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">Replicas share their keys on something else already.</exception>
    /// <exception cref="OptionsValidationException">Thrown when the host starts: an option is out of range.</exception>
    public static AuthenticationBuilder AddJwksPostgreSql(
        this AuthenticationBuilder builder, string connectionString, Action<JwksPostgreSqlOptions>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionString);

        builder.Services.AddFleetEngine<PostgreSqlFleet>();
        builder.Services.AddSharedReplays<PostgreSqlReplays>(
            provider => provider.GetRequiredService<IOptions<JwksPostgreSqlOptions>>().Value.ShareReplays);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JwksPostgreSqlOptions>, PostgreSqlOptionsValidator>());
        builder.Services.AddHostedService<PostgreSqlListener>();
        var options = builder.Services.AddOptions<JwksPostgreSqlOptions>().ValidateOnStart();
        options.Configure(configured => configured.ConnectionString = connectionString);
        if (configureOptions is not null)
            options.Configure(configureOptions);
        return builder;
    }
}
