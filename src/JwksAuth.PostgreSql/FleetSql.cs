namespace JwksAuth.PostgreSql;

/// <summary>
/// The SQL statements. All times are the database's own, in microseconds since 1970. The number of a fetch is the time of its claim, so
/// that numbers keep rising when the table is recreated; it is the last number plus one if the server's clock was set back. Ages are not
/// derived from numbers.
/// </summary>
internal static class FleetSql
{
    public const string Channel = "jwksauth_source";

    public const string Listen = "LISTEN jwksauth_source";

    public const string HasTables = "SELECT to_regclass('jwksauth_source') IS NOT NULL AND to_regclass('jwksauth_used') IS NOT NULL";

    /// <summary>Prevents replicas that start together from creating the table concurrently, which PostgreSQL rejects.</summary>
    public const string LockCreation = "SELECT pg_advisory_xact_lock(hashtext('jwksauth_source'))";

    /// <summary>$1 source, $2 maximum bytes. A row from the future, after a change of the server's clock, counts as expired.</summary>
    public const string Read = $"""
        WITH {Clock}
        SELECT version, CASE WHEN fetched > now + {Tolerance} THEN now ELSE greatest(now - fetched, 0) END,
            CASE WHEN octet_length(document) > $2 THEN ''::bytea ELSE document END, under_way
        FROM jwksauth_source, clock WHERE source = $1
        """;

    /// <summary>
    /// $1 source, $2 address, $3 cooldown after a finished fetch, $4 cooldown during a fetch, $5 the version that the replica has seen. The
    /// row lock decides between concurrent claims. A refused replica learns when to ask again, or that there is a newer version to read.
    /// </summary>
    public const string Claim = $"""
        WITH {Clock}, claimed AS (
            INSERT INTO jwksauth_source AS s (source, address, number, claimed, under_way)
            SELECT $1, $2, now, now, true FROM clock
            ON CONFLICT (source) DO UPDATE
            SET number = greatest(EXCLUDED.number, s.number + 1), claimed = EXCLUDED.claimed, under_way = true
            WHERE $4 = 0 OR (s.version <= $5
                AND ({Since} <= EXCLUDED.claimed - {LeastTime} OR {Since} > EXCLUDED.claimed + {Tolerance}))
            RETURNING number)
        SELECT number, 0::bigint, false, false FROM claimed
        UNION ALL
        SELECT NULL, {Since} + {LeastTime} - clock.now, s.under_way, s.version > $5 FROM jwksauth_source s, clock
        WHERE s.source = $1 AND NOT EXISTS (SELECT FROM claimed)
        """;

    /// <summary>$1 source, $2 number, $3 document or null, $4 whether the cooldown starts. Never replaces a later fetch.</summary>
    public const string Complete = $"""
        WITH {Clock}, done AS (
            UPDATE jwksauth_source
            SET under_way = under_way AND number <> $2,
                cooldown = CASE WHEN NOT $4 THEN cooldown WHEN number = $2 THEN claimed ELSE greatest(cooldown, least($2, now)) END,
                document = CASE WHEN {IsLater} THEN $3 ELSE document END,
                fetched = CASE WHEN NOT {IsLater} THEN fetched WHEN number = $2 THEN claimed ELSE least($2, now) END,
                version = CASE WHEN {IsLater} THEN $2 ELSE version END
            FROM clock WHERE source = $1 RETURNING source)
        SELECT pg_notify('{Channel}', source) FROM done
        """;

    /// <summary>$1 source, $2 number. Leaves a later claim unchanged.</summary>
    public const string Return = $"""
        WITH done AS (
            UPDATE jwksauth_source SET under_way = false WHERE source = $1 AND number = $2 RETURNING source)
        SELECT pg_notify('{Channel}', source) FROM done
        """;

    public const string Withdraw = $"""
        WITH {Clock}, done AS (
            INSERT INTO jwksauth_source AS s (source, address, number, version, fetched) SELECT $1, $2, now, now, now FROM clock
            ON CONFLICT (source) DO UPDATE
            SET number = greatest(EXCLUDED.number, s.number + 1), version = greatest(EXCLUDED.number, s.number + 1),
                fetched = EXCLUDED.fetched, cooldown = 0, under_way = false, document = NULL
            RETURNING source, version)
        SELECT version, pg_notify('{Channel}', source) FROM done
        """;

    /// <summary>$1 key, $2 lifetime. Returns a row if the key is unused or its last use has expired.</summary>
    public const string Use = $"""
        WITH {Clock}
        INSERT INTO jwksauth_used AS u (key, expires) SELECT $1, now + $2 FROM clock
        ON CONFLICT (key) DO UPDATE SET expires = EXCLUDED.expires WHERE u.expires <= EXCLUDED.expires - $2
        RETURNING true
        """;

    public const string MayForgetSources = "SELECT has_table_privilege('jwksauth_source', 'DELETE')";

    /// <summary>$1 age. Deletes sources that no replica has fetched for so long: invented names, and issuers no longer in use.</summary>
    public const string ForgetSources = $"""
        WITH {Clock} DELETE FROM jwksauth_source USING clock WHERE greatest(number, fetched) < now - $1
        """;

    /// <summary>$1 maximum rows. Skips rows that another replica is already deleting.</summary>
    public const string Forget = $"""
        WITH {Clock}, old AS (
            SELECT key FROM jwksauth_used, clock WHERE expires <= now ORDER BY expires LIMIT $1 FOR UPDATE OF jwksauth_used SKIP LOCKED)
        DELETE FROM jwksauth_used AS u USING old WHERE u.key = old.key
        """;

    private const string Clock = "clock AS (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now)";
    private const string Since = "CASE WHEN s.under_way THEN s.claimed ELSE s.cooldown END";
    private const string LeastTime = "CASE WHEN s.under_way THEN $4 ELSE $3 END";
    private const string Tolerance = "60000000";
    private const string IsLater = "($3 IS NOT NULL AND version < $2)";
}
