namespace JwksAuth;

/// <summary>The format of introspection responses.</summary>
public enum JwksIntrospectionFormat
{
    /// <summary>Plain JSON (RFC 7662 section 2.2), authenticated only by the connection.</summary>
    Json,

    /// <summary>A signed JWT, optionally encrypted for this API (RFC 9701). A plain JSON response is then never accepted.</summary>
    Jwt,
}
