using Microsoft.Extensions.Options;
using Npgsql;

namespace JwksAuth.PostgreSql;

/// <summary>Validates the options at start-up, without showing the connection string, which may contain a password.</summary>
internal sealed class PostgreSqlOptionsValidator : IValidateOptions<JwksPostgreSqlOptions>
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(5);

    public ValidateOptionsResult Validate(string? name, JwksPostgreSqlOptions options)
    {
        if (!NamesAHost(options.ConnectionString))
            return ValidateOptionsResult.Fail("AddJwksPostgreSql: the connection string is invalid or has no Host.");
        return options.Timeout <= TimeSpan.Zero || options.Timeout > LongestTimeout
            ? ValidateOptionsResult.Fail($"AddJwksPostgreSql: Timeout is {options.Timeout}, not above 0 and at most {LongestTimeout}.")
            : ValidateOptionsResult.Success;
    }

    private static bool NamesAHost(string connectionString)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connectionString).Host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
