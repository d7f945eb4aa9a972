using Microsoft.Extensions.Options;
using Npgsql;

namespace JwksAuth.PostgreSql;

/// <summary>Names what an operator got wrong, when the host starts. Never shows the connection string, which may hold a password.</summary>
internal sealed class PostgreSqlOptionsValidator : IValidateOptions<JwksPostgreSqlOptions>
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(5);

    public ValidateOptionsResult Validate(string? name, JwksPostgreSqlOptions options)
    {
        if (!NamesAHost(options.ConnectionString))
            return ValidateOptionsResult.Fail("AddJwksPostgreSql: the connection string is no connection string with a Host.");
        return options.Timeout <= TimeSpan.Zero || options.Timeout > LongestTimeout
            ? ValidateOptionsResult.Fail($"AddJwksPostgreSql: Timeout is {options.Timeout}, not between 0 and {LongestTimeout}.")
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
