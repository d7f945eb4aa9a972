using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>Validates a client assertion: one that passes is signed by the client that it names, for this server, and passes once.</summary>
internal sealed class ClientAssertionReader : IFuzzedReader
{
    private const string Server = "https://server.test";

    private readonly SigningSender _client = new();
    private readonly IJwksClientAssertionValidator _validator;
    private readonly ForgetfulReplayCache _replays;

    public ClientAssertionReader()
    {
        var services = Services.Build(services => services.AddJwksClientAssertions(options =>
        {
            options.Issuer = Server;
            options.Clients.Add(new JwksClient { ClientId = "client", Jwks = _client.Jwks });
        }));
        _validator = services.CreateScope().ServiceProvider.GetRequiredService<IJwksClientAssertionValidator>();
        _replays = (ForgetfulReplayCache)services.GetRequiredService<IJwksReplayCache>();
    }

    public async ValueTask<bool> ReadAsync(byte[] input)
    {
        _replays.Forget();
        var sent = _client.Send(input);
        var result = await _validator.ValidateAsync(sent.Text, null);
        FaultException.Unless(result.Failure is not (JwksClientAssertionFailure.Unavailable or JwksClientAssertionFailure.NotConfigured));
        if (result.Failure is not null)
            return false;

        FaultException.UnlessEqual((await _validator.ValidateAsync(sent.Text, null)).Failure, JwksClientAssertionFailure.Replayed);
        FaultException.UnlessEqual((await _validator.ValidateAsync(sent.Text, "other")).Failure, JwksClientAssertionFailure.ClientMismatch);
        var claims = Oracle.ReadAccepted(sent.Payload ?? throw new FaultException("Nobody signed what was accepted"));
        FaultException.UnlessEqual((claims.Text("iss"), claims.Text("sub")), ("client", "client"));
        FaultException.Unless(claims.Texts("aud").SequenceEqual([Server]));
        FaultException.Unless(claims.Text("jti") is { Length: > 0 });
        FaultException.Unless(claims.Number("exp") + 60 > FixedTime.Now && claims.Number("exp") <= FixedTime.Now + 360);
        FaultException.Unless(Oracle.ReadAccepted(sent.Header!).Text("alg") == "ES256");
        return true;
    }
}
