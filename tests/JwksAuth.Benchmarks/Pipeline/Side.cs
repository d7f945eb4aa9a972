namespace JwksAuth.Benchmarks;

/// <summary>What is measured: stock JwtBearer, this library, or one of the baselines.</summary>
public enum Side
{
    /// <summary>The endpoint without authentication.</summary>
    Open,

    /// <summary>An authentication scheme that accepts every request without looking at it.</summary>
    Nothing,

    /// <summary><c>AddJwtBearer</c>.</summary>
    Stock,

    /// <summary><c>AddJwksBearer</c>.</summary>
    Jwks,

    /// <summary>The validation of OpenIddict.</summary>
    OpenIddict,

    /// <summary><c>AddMicrosoftIdentityWebApi</c>.</summary>
    IdentityWeb,
}
