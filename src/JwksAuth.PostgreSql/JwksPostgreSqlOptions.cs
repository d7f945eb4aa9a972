namespace JwksAuth;

/// <summary>Options for sharing keys through PostgreSQL.</summary>
public sealed class JwksPostgreSqlOptions
{
    /// <summary>
    /// The tables, for roles that may create them and for creating them by hand. A replica needs SELECT, INSERT and UPDATE on both, and
    /// DELETE on <c>jwksauth_used</c> if <see cref="ShareReplays"/> is on; DELETE on <c>jwksauth_source</c> lets it remove unused rows.
    /// </summary>
    public const string CreateTableSql = """
        CREATE TABLE IF NOT EXISTS jwksauth_source (
            source text PRIMARY KEY,
            address text NOT NULL,
            number bigint NOT NULL DEFAULT 0,
            claimed bigint NOT NULL DEFAULT 0,
            cooldown bigint NOT NULL DEFAULT 0,
            under_way boolean NOT NULL DEFAULT false,
            version bigint NOT NULL DEFAULT 0,
            fetched bigint NOT NULL DEFAULT 0,
            document bytea);
        CREATE TABLE IF NOT EXISTS jwksauth_used (
            key text PRIMARY KEY,
            expires bigint NOT NULL);
        CREATE INDEX IF NOT EXISTS jwksauth_used_expires ON jwksauth_used (expires);
        """;

    /// <summary>The connection string. Required.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Whether a replica creates missing tables. Default: <see langword="true"/>.</summary>
    public bool CreateTable { get; set; } = true;

    /// <summary>How long a fetch waits for the database in total before it proceeds alone. At most 5 seconds; default 50 ms.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Also shares used DPoP proofs, client assertions and logout tokens through the database, so that all replicas reject a replay. While
    /// the database is unreachable, each replica rejects only what it has seen itself. Has no effect if the application registers its own
    /// <see cref="IJwksReplayCache"/>. Default: <see langword="false"/>.
    /// </summary>
    public bool ShareReplays { get; set; }
}
