using System.Reflection;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using JwksAuth.Testing;
using JwksAuth.Tests.OwnKeys;
using Microsoft.IdentityModel.JsonWebTokens;

namespace JwksAuth.Tests.PublicApi;

/// <summary>Applications can create, in their own tests, everything that the interfaces of the packages hand to them.</summary>
public class ConstructionTests
{
    [Theory]
    [InlineData(typeof(IJwksManager))]
    [InlineData(typeof(IJwksSigningKeys))]
    public void Every_type_in_the_signature_of_an_interface_can_be_created(Type anyType)
    {
        var received = new HashSet<Type>();
        foreach (var method in anyType.Assembly.GetExportedTypes().Where(type => type.IsInterface).SelectMany(type => type.GetMethods()))
        {
            foreach (var type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
                Add(type);
        }

        Assert.NotEmpty(received);
        Assert.All(received, type => Assert.True(CanBeCreated(type), $"{type} has neither a public constructor nor a factory."));

        void Add(Type type)
        {
            foreach (var argument in type.GetGenericArguments())
                Add(argument);
            if (type.Assembly != anyType.Assembly || type.IsInterface || !received.Add(type))
                return;
            foreach (var property in type.GetProperties())
                Add(property.PropertyType);
        }
    }

    [Fact]
    public void A_resolver_can_be_asked_for_the_user_of_a_made_up_token()
    {
        var claims = new ClaimsIdentity([new Claim("sub", "user-1")]);

        var request = new JwksUserRequest("Bearer", "https://issuer.test", "user-1", clientId: null, claims);

        Assert.Equal(("Bearer", "https://issuer.test", "user-1", null), (request.Scheme, request.Issuer, request.Subject, request.ClientId));
        Assert.Same(claims, request.Claims);
    }

    [Fact]
    public void A_decryptor_can_be_given_a_token_that_a_test_encrypted()
    {
        using var key = RSA.Create(2048);
        var encrypted = new FakeEncryption(TestKeys.PublicJwk(key)) { Algorithm = "RSA-OAEP-256", Encryption = "A256GCM" }.Encrypt("the content");

        var token = JwksEncryptedToken.Parse(encrypted);

        Assert.Equal(("RSA-OAEP-256", "A256GCM"), (token.Algorithm, token.Encryption));
        var contentKey = key.Decrypt(token.EncryptedKey.ToArray(), RSAEncryptionPadding.OaepSHA256);
        Assert.Equal("the content", Encoding.UTF8.GetString(token.Decrypt(contentKey)!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    [InlineData("e30.AA.AA.AA.AA")]
    public void Something_other_than_an_encrypted_token_cannot_be_parsed(string text) =>
        Assert.DoesNotContain("e30", Assert.Throws<FormatException>(() => JwksEncryptedToken.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_token_validator_can_be_replaced_by_one_that_accepts()
    {
        var token = new JsonWebToken("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyLTEifQ.");

        var result = JwksTokenResult.Valid(new ClaimsIdentity(), token, """{"jkt":"abc"}""");

        Assert.True(result.IsValid);
        Assert.Equal("user-1", result.Token.Subject);
        Assert.Equal(("""{"jkt":"abc"}""", null, null, null), (result.Confirmation, result.Failure, result.Description, result.RetryAfter));
    }

    [Fact]
    public void A_token_validator_can_be_replaced_by_one_that_refuses()
    {
        var result = JwksTokenResult.Refused(JwksTokenFailure.KeysUnavailable, TimeSpan.FromSeconds(10));

        Assert.False(result.IsValid);
        Assert.Equal((JwksTokenFailure.KeysUnavailable, TimeSpan.FromSeconds(10)), (result.Failure, result.RetryAfter));
        Assert.NotEmpty(result.Description!);
        Assert.Null(result.Identity);
    }

    [Fact]
    public void A_client_assertion_validator_can_be_replaced()
    {
        var valid = JwksClientAssertionResult.Valid(new JwksClient { ClientId = "shop" });
        var refused = JwksClientAssertionResult.Refused(JwksClientAssertionFailure.Unavailable, TimeSpan.FromSeconds(10));

        Assert.Equal((true, "shop", 200, null), (valid.IsValid, valid.ClientId, valid.StatusCode, valid.Error));
        Assert.Equal((false, null, 503, "temporarily_unavailable", TimeSpan.FromSeconds(10)), (refused.IsValid, refused.ClientId, refused.StatusCode, refused.Error, refused.RetryAfter));
    }

    [Fact]
    public void A_manager_can_be_replaced()
    {
        var refreshed = new JwksRefreshResult { Issuer = "https://issuer.test", Address = "https://issuer.test/jwks", Outcome = JwksRefreshOutcome.Changed, AddedKeyIds = ["two"], RemovedKeyIds = ["one"] };
        var status = new JwksSourceStatus
        {
            Address = refreshed.Address,
            State = JwksSourceState.Fresh,
            Keys = [new JwksKeyStatus { KeyType = "EC", KeyId = "two", Algorithms = ["ES256"] }],
            Counters = new JwksSourceCounters { Changed = 1 },
            Timeline = [new JwksFetchRecord { Reason = JwksFetchReason.Operator, Outcome = refreshed.Outcome, AddedKeyIds = refreshed.AddedKeyIds }],
        };

        Assert.Equal("two", Assert.Single(status.Keys).KeyId);
        Assert.Equal((1L, refreshed.Outcome), (status.Counters.Changed, Assert.Single(status.Timeline).Outcome));
        Assert.Empty(refreshed.KeptKeyIds);
    }

    [Fact]
    public void An_endpoint_inspector_can_be_replaced()
    {
        var access = new JwksEndpointAccess { Schemes = [new JwksTokenScheme("Bearer", TakesBearer: true, TakesDpop: false)], MayForbid = true };

        Assert.Equal((false, true, false), (access.IsAnonymous, access.MayForbid, access.MayAskForAuthentication));
        Assert.Empty(Assert.Single(access.ScopeSets));
    }

    private static bool CanBeCreated(Type type) => type.IsEnum
        || type.GetConstructors().Length > 0
        || type.GetMembers(BindingFlags.Public | BindingFlags.Static).Any(member => member switch
        {
            MethodInfo method => method.ReturnType == type,
            PropertyInfo property => property.PropertyType == type,
            _ => false,
        });
}
