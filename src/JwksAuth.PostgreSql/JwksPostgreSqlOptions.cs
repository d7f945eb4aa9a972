namespace JwksAuth;

/// <summary>How replicas share their keys through PostgreSQL.</summary>
public sealed class JwksPostgreSqlOptions
{
    /// <summary>
    /// The table, for a role that may create it and for who creates it by hand. A replica itself needs SELECT, INSERT and UPDATE on it, nothing else.
    /// </summary>
    public const string CreateTableSql = """
        CREATE TABLE IF NOT EXISTS jwksauth_source (
            source text PRIMARY KEY,
            address text NOT NULL,
            number bigint NOT NULL DEFAULT 0,
            claimed bigint NOT NULL DEFAULT 0,
            under_way boolean NOT NULL DEFAULT false,
            version bigint NOT NULL DEFAULT 0,
            document bytea);
        """;

    /// <summary>The connection string. No default: it is required.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Whether a replica that finds no table creates it. Default: <see langword="true"/>.</summary>
    public bool CreateTable { get; set; } = true;

    /// <summary>
    /// How long one fetch may wait for the database in all, before the replica goes on alone. At most 5 seconds. Default: 50 milliseconds.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);
}
