namespace JwksAuth;

/// <summary>How the authorization server is asked to answer introspection requests.</summary>
public enum JwksIntrospectionFormat
{
    /// <summary>Plain JSON (RFC 7662 section 2.2): the connection alone vouches for the answer.</summary>
    Json,

    /// <summary>A signed JWT, which may be encrypted for this API (RFC 9701). A plain JSON answer never confirms a token then.</summary>
    Jwt,
}
