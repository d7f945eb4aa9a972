namespace JwksAuth;

/// <summary>How replicas share their keys through PostgreSQL.</summary>
public sealed class JwksPostgreSqlOptions
{
    /// <summary>
    /// The tables, for a role that may create them and for who creates them by hand. A replica itself needs SELECT, INSERT and UPDATE on both, and DELETE
    /// on <c>jwksauth_used</c> if <see cref="ShareReplays"/> is on; DELETE on <c>jwksauth_source</c> lets it drop rows that are no longer used.
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

    /// <summary>The connection string. No default: it is required.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Whether a replica that finds no tables creates them. Default: <see langword="true"/>.</summary>
    public bool CreateTable { get; set; } = true;

    /// <summary>
    /// How long one fetch may wait for the database in all, before the replica goes on alone. At most 5 seconds. Default: 50 milliseconds.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Remembers used DPoP proofs, client assertions and logout tokens in the database too, so that one used on a replica is refused on all. While the
    /// database does not answer, each replica refuses what it has seen itself. Without effect where the application registered an
    /// <see cref="IJwksReplayCache"/> of its own. Default: <see langword="false"/>.
    /// </summary>
    public bool ShareReplays { get; set; }
}
