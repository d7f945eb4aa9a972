namespace JwksAuth;

/// <summary>Names that an application may need to refer to.</summary>
public static class JwksAuthDefaults
{
    /// <summary>The HTTP client for metadata and keys; <c>services.AddHttpClient</c> with this name adds a proxy or a handler.</summary>
    public const string HttpClientName = "JwksAuth";

    /// <summary>The HTTP client for introspection; <c>services.AddHttpClient</c> with this name adds a proxy or a handler.</summary>
    public const string IntrospectionHttpClientName = "JwksAuth.Introspection";

    /// <summary>The name of the scheme that <c>AddJwksIntrospection</c> adds.</summary>
    public const string IntrospectionScheme = "Introspection";

    /// <summary>The name of the scheme that <c>AddJwksTokenSelector</c> adds.</summary>
    public const string TokenSelectorScheme = "BearerOrIntrospection";

    /// <summary>The name of the options that <c>AddJwksBackChannelLogout</c> adds.</summary>
    public const string BackChannelLogoutScheme = "BackChannelLogout";

    /// <summary>The claim type of the calling service provider, which introspection adds to the identity.</summary>
    public const string ServiceProviderClaimType = "service_provider";

    /// <summary>The name of the meter with all instruments of the package.</summary>
    public const string MeterName = "JwksAuth";

    /// <summary>The name of the activity source that traces fetches.</summary>
    public const string ActivitySourceName = "JwksAuth";
}
