using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using JwksAuth.Diagnostics;
using JwksAuth.Testing;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tests.Diagnostics;

public sealed class LogTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly RecordedLog _log = new();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Fact]
    public async Task Ten_thousand_unknown_keys_make_one_warning_in_ten_seconds_with_a_count()
    {
        await using var api = await StartApiAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        for (var number = 0; number < 10_000; number++)
            Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(UnknownKeyToken($"k{number}")));
        Assert.Single(Named("UnknownKeys"));

        _clock.Advance(TimeSpan.FromSeconds(10));
        await api.GetStatusAsync(UnknownKeyToken("last"));

        var second = Named("UnknownKeys")[1];
        Assert.Equal(LogLevel.Warning, second.Level);
        Assert.Equal($"Tokens were rejected because {_issuer.Issuer} does not publish their keys (count: 10000); the last kid was last", second.Text);
    }

    [Fact]
    public async Task A_rotation_is_logged_as_information_not_as_a_warning()
    {
        await using var api = await StartApiAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        _issuer.RotateKey();
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));

        Assert.Equal($"{_issuer.Issuer} has 2 keys: 1 added, 0 removed", Named("KeysChanged")[^1].Text);
        Assert.DoesNotContain(_log.Entries, line => line.Level > LogLevel.Information);
    }

    [Fact]
    public async Task An_untrusted_kid_is_escaped_and_truncated()
    {
        _issuer.PublishRaw(new JsonObject { ["kty"] = "oct", ["kid"] = "</pre>\nforged line", ["k"] = "AAAA" });
        await using var api = await StartApiAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        await api.GetStatusAsync(UnknownKeyToken("\r\n\u001b[31m" + new string('x', 200)));

        Assert.EndsWith(@"\u003C/pre\u003E\nforged line", Named("KeysSkipped").Single().Text, StringComparison.Ordinal);
        Assert.EndsWith(@" \r\n\u001B[31m" + new string('x', 57), Named("UnknownKeys").Single().Text, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Entries, line => line.Text.Any(char.IsControl));
    }

    [Fact]
    public async Task An_outage_is_a_warning_while_there_are_keys_and_an_error_when_there_are_none()
    {
        await using var api = await StartApiAsync(options => options.MaximumAge = TimeSpan.FromMinutes(10));
        _issuer.Respond(FakeResponse.Status(500));
        await api.Manager.RefreshAsync();
        var warning = Assert.Single(Named("FetchFailed"));
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains($"{_issuer.Issuer} failed (status)", warning.Text, StringComparison.Ordinal);

        api.Manager.Clear();
        await api.Manager.RefreshAsync();
        Assert.Equal(LogLevel.Error, Assert.Single(Named("NoKeys")).Level);

        _issuer.Reset();
        await api.Manager.RefreshAsync();
        Assert.Equal($"{_issuer.Issuer} answers again, after 2 failed fetches", Assert.Single(Named("FetchRecovered")).Text);
    }

    [Fact]
    public async Task Skipped_keys_of_one_document_make_one_warning()
    {
        for (var number = 0; number < 50; number++)
            _issuer.PublishRaw(new JsonObject { ["kty"] = number % 2 == 0 ? "oct" : "teapot", ["kid"] = $"odd-{number}" });
        await using var api = await StartApiAsync();
        await api.Manager.RefreshAsync();

        var warning = Assert.Single(Named("KeysSkipped"));
        Assert.Contains("50 keys that cannot be used (symmetric, unsupported_key_type); the first has the kid odd-0", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_an_issuer_that_is_not_trusted_is_refused_with_a_reason_in_the_log()
    {
        var ofHandler = new RecordedLog("Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler");
        await using var api = await TestApi.StartAsync(_issuer, null, new TestApiSettings { Logging = logging => logging.AddProvider(ofHandler) });
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        Assert.DoesNotContain(ofHandler.Entries, entry => entry.Text.Contains("The issuer of the token is not trusted", StringComparison.Ordinal));

        var foreign = _issuer.CreateToken(token => token.WithIssuer("https://other.test"));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.GetStatusAsync(foreign));

        Assert.Contains(ofHandler.Entries, entry => entry.Text.Contains("The issuer of the token is not trusted", StringComparison.Ordinal));
        Assert.DoesNotContain(ofHandler.Entries, entry => foreign.Split('.').Any(part => entry.Text.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task No_message_contains_a_token()
    {
        await using var api = await StartApiAsync();
        string[] tokens =
        [
            _issuer.CreateToken(), UnknownKeyToken("k"), _issuer.CreateToken(token => token.Expired()), _issuer.CreateToken(token => token.WithWrongSignature()),
            _issuer.CreateToken(token => token.WithIssuer("https://other.test")), _issuer.CreateToken(token => token.WithAlgorithmNone()),
        ];
        _clock.Advance(TimeSpan.FromSeconds(10));
        foreach (var token in tokens)
            await api.GetStatusAsync(token);

        Assert.NotEmpty(_log.Entries);
        Assert.DoesNotContain(_log.Entries, line => tokens.Any(token => token.Split('.').Any(part => part.Length > 0 && line.Text.Contains(part, StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_message_has_an_id_and_a_name_of_its_own()
    {
        var messages = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>().ToList();

        Assert.NotEmpty(messages);
        Assert.Equal(messages.Count, messages.Select(message => message.EventId).Distinct().Count());
        Assert.Equal(messages.Count, messages.Select(message => message.EventName).Distinct().Count());
        Assert.All(messages, message => Assert.False(string.IsNullOrEmpty(message.EventName)));
    }

    private List<(LogLevel Level, EventId Id, string Text)> Named(string eventName) => [.. _log.Entries.Where(entry => entry.Id.Name == eventName)];

    private string UnknownKeyToken(string keyId) => _issuer.CreateToken(token => token.WithKeyId(keyId));

    private async Task<TestApi> StartApiAsync(Action<JwksBearerOptions>? configure = null)
    {
        var api = await TestApi.StartAsync(_issuer, configure, new TestApiSettings { Logging = logging => logging.AddProvider(_log) });
        Assert.Equal(HttpStatusCode.OK, await api.GetStatusAsync(_issuer.CreateToken()));
        return api;
    }
}
