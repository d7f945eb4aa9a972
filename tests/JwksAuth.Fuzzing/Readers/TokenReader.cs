using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>Validates a bearer token: one that passes is signed, passes IdentityModel too with the same identity, and passes again.</summary>
internal sealed class TokenReader : IFuzzedReader
{
    private const string Issuer = "https://issuer.test";

    private readonly SigningSender _issuer = new();
    private readonly JsonWebTokenHandler _stock = new() { MapInboundClaims = false };
    private readonly IJwksTokenValidator _validator;
    private readonly TokenValidationParameters _parameters;

    public TokenReader()
    {
        _validator = Services.Build(services => services.AddJwksTokenValidator("Bearer", options =>
        {
            (options.Issuer, options.Audience, options.Jwks) = (Issuer, "api", _issuer.Jwks);
            options.MapInboundClaims = false;
        })).GetRequiredService<IJwksTokenValidator>();
        _parameters = new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = "api",
            ValidAlgorithms = ["ES256"],
            ValidTypes = ["JWT", "at+jwt", "application/at+jwt"],
            IssuerSigningKey = _issuer.Source.Set.Keys[0].SecurityKey,
            AuthenticationType = "Bearer",
            ValidateLifetime = false, // by the system's clock, which moves
        };
    }

    public async ValueTask<bool> ReadAsync(byte[] input)
    {
        var sent = _issuer.Send(input);
        var result = await _validator.ValidateBoundAsync(sent.Text);
        FaultException.Unless(result.Failure is not (JwksTokenFailure.KeysUnavailable or JwksTokenFailure.NotConfigured));
        FaultException.UnlessEqual((await _validator.ValidateBoundAsync(sent.Text)).Failure, result.Failure);
        if (!result.IsValid)
            return false;

        var again = await _validator.ValidateBoundAsync(sent.Text);
        FaultException.UnlessEqual(ClaimsOf(again.Identity!), ClaimsOf(result.Identity));
        FaultException.UnlessEqual((await _validator.ValidateAsync(sent.Text)).Failure, result.Confirmation is null ? null : JwksTokenFailure.Bound);
        var header = Oracle.ReadAccepted(sent.Header ?? throw new FaultException("Nobody signed what was accepted"));
        var claims = Oracle.ReadAccepted(sent.Payload!);
        FaultException.Unless(!header.TryGetProperty("crit", out _) && !header.TryGetProperty("b64", out _) && !header.TryGetProperty("zip", out _));
        FaultException.Unless(claims.Number("exp") + 60 > FixedTime.Now);
        FaultException.Unless(claims.Number("iat") - 60 <= FixedTime.Now);
        FaultException.Unless(claims.Number("nbf") is not { } notBefore || notBefore - 60 <= FixedTime.Now);

        // A token without a type passes here, which IdentityModel cannot express.
        _parameters.ValidTypes = header.TryGetProperty("typ", out _) ? ["JWT", "at+jwt", "application/at+jwt"] : null;
        var stock = await _stock.ValidateTokenAsync(sent.Text, _parameters);
        if (!stock.IsValid && !IsTypeInOtherCase(header.Text("typ")))
            throw new FaultException($"IdentityModel refuses it: {stock.Exception.GetType().Name}");
        if (stock.IsValid)
            FaultException.UnlessEqual(ClaimsOf(result.Identity), ClaimsOf(stock.ClaimsIdentity));
        return true;
    }

    // IdentityModel compares types exactly, RFC 7515 section 4.1.9 does not.
    private static bool IsTypeInOtherCase(string? type) => type?.ToUpperInvariant() is "JWT" or "AT+JWT" or "APPLICATION/AT+JWT" or "APPLICATION/JWT";

    private static string ClaimsOf(System.Security.Claims.ClaimsIdentity identity)
    {
        var text = new StringBuilder();
        foreach (var claim in identity.Claims)
            text.Append(claim.Type).Append('=').Append(claim.Value).Append(':').Append(claim.ValueType).Append('\n');
        return text.ToString();
    }
}
