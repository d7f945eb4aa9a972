using Config = Microsoft.IdentityModel.Protocols.OpenIdConnect.OpenIdConnectConfiguration;

namespace JwksAuth.Bearer.Configuration;

/// <summary>The metadata members that do not affect token validation, in stock JwtBearer or here.</summary>
internal static class OpenIdConnectMembers
{
    public static IReadOnlyList<string> Informative { get; } =
    [
        nameof(Config.AcrValuesSupported), nameof(Config.ActiveTokenEndpoint), nameof(Config.AdditionalData),
        nameof(Config.AuthorizationDetailsTypesSupported), nameof(Config.AuthorizationEncryptionAlgValuesSupported),
        nameof(Config.AuthorizationEncryptionEncValuesSupported), nameof(Config.AuthorizationEndpoint),
        nameof(Config.AuthorizationResponseIssParameterSupported), nameof(Config.AuthorizationSigningAlgValuesSupported),
        nameof(Config.BackchannelAuthenticationEndpoint), nameof(Config.BackchannelAuthenticationRequestSigningAlgValuesSupported),
        nameof(Config.BackchannelTokenDeliveryModesSupported), nameof(Config.BackchannelUserCodeParameterSupported),
        nameof(Config.CheckSessionIframe), nameof(Config.ClaimsLocalesSupported), nameof(Config.ClaimsParameterSupported),
        nameof(Config.ClaimsSupported), nameof(Config.ClaimTypesSupported), nameof(Config.CodeChallengeMethodsSupported),
        nameof(Config.DeviceAuthorizationEndpoint), nameof(Config.DisplayValuesSupported), nameof(Config.DPoPSigningAlgValuesSupported),
        nameof(Config.EndSessionEndpoint), nameof(Config.FrontchannelLogoutSessionSupported), nameof(Config.FrontchannelLogoutSupported),
        nameof(Config.GrantTypesSupported), nameof(Config.HttpLogoutSupported), nameof(Config.IdTokenEncryptionAlgValuesSupported),
        nameof(Config.IdTokenEncryptionEncValuesSupported), nameof(Config.IdTokenSigningAlgValuesSupported),
        nameof(Config.IntrospectionEndpoint), nameof(Config.IntrospectionEndpointAuthMethodsSupported),
        nameof(Config.IntrospectionEndpointAuthSigningAlgValuesSupported), nameof(Config.LogoutSessionSupported),
        nameof(Config.OpPolicyUri), nameof(Config.OpTosUri), nameof(Config.PromptValuesSupported),
        nameof(Config.PushedAuthorizationRequestEndpoint), nameof(Config.RegistrationEndpoint),
        nameof(Config.RequestObjectEncryptionAlgValuesSupported), nameof(Config.RequestObjectEncryptionEncValuesSupported),
        nameof(Config.RequestObjectSigningAlgValuesSupported), nameof(Config.RequestParameterSupported),
        nameof(Config.RequestUriParameterSupported), nameof(Config.RequirePushedAuthorizationRequests),
        nameof(Config.RequireRequestUriRegistration), nameof(Config.ResponseModesSupported), nameof(Config.ResponseTypesSupported),
        nameof(Config.RevocationEndpoint), nameof(Config.RevocationEndpointAuthMethodsSupported),
        nameof(Config.RevocationEndpointAuthSigningAlgValuesSupported), nameof(Config.ScopesSupported), nameof(Config.ServiceDocumentation),
        nameof(Config.SubjectTypesSupported), nameof(Config.TlsClientCertificateBoundAccessTokens), nameof(Config.TokenEndpoint),
        nameof(Config.TokenEndpointAuthMethodsSupported), nameof(Config.TokenEndpointAuthSigningAlgValuesSupported),
        nameof(Config.UILocalesSupported), nameof(Config.UserInfoEndpoint), nameof(Config.UserInfoEndpointEncryptionAlgValuesSupported),
        nameof(Config.UserInfoEndpointEncryptionEncValuesSupported), nameof(Config.UserInfoEndpointSigningAlgValuesSupported),
    ];
}
