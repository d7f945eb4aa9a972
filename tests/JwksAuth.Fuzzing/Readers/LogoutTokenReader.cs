using System.Text;
using System.Text.Json;
using JwksAuth.Logout;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>Posts a logout token to its endpoint, or any form unchanged: the application receives only logouts that the provider signed and that meet every rule, each once.</summary>
internal sealed class LogoutTokenReader : IFuzzedReader
{
    private const string Issuer = "https://issuer.test";
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    private readonly SigningSender _provider = new();
    private readonly ServiceProvider _services;
    private readonly LogoutEndpoint _endpoint;
    private readonly ForgetfulReplayCache _replays;
    private readonly List<JwksLogout> _logouts = [];

    public LogoutTokenReader()
    {
        _services = Services.Build(services =>
        {
            services.AddSingleton(_logouts);
            services.AddSingleton<IHostApplicationLifetime, ApplicationLifetime>();
            services.AddJwksBackChannelLogout<Handler>(options => (options.Issuer, options.Audience, options.Jwks) = (Issuer, "web", _provider.Jwks));
        });
        _endpoint = _services.GetRequiredService<LogoutEndpoint>();
        _replays = (ForgetfulReplayCache)_services.GetRequiredService<IJwksReplayCache>();
    }

    public async ValueTask<bool> ReadAsync(byte[] input)
    {
        _replays.Forget();
        _logouts.Clear();
        var sent = _provider.Send(input);
        var form = sent.Header is null ? input : Encoding.ASCII.GetBytes("logout_token=" + sent.Text);
        var status = await PostAsync(form);
        FaultException.Unless(status is 200 or 400);
        FaultException.UnlessEqual(_logouts.Count, status == 200 ? 1 : 0);
        if (status == 400)
            return false;

        var claims = Oracle.ReadAccepted(sent.Payload ?? throw new FaultException("Nobody signed what was accepted"));
        FaultException.UnlessEqual(claims.Text("iss"), Issuer);
        FaultException.Unless(claims.Texts("aud").Contains("web"));
        FaultException.Unless(claims.Text("jti") is { Length: > 0 });
        FaultException.Unless(!claims.TryGetProperty("nonce", out var nonce) || nonce.GetRawText() is "null" or "\"\"" || nonce is { ValueKind: JsonValueKind.Array } && nonce.GetArrayLength() == 0);
        FaultException.Unless(claims.GetProperty("events").GetProperty(Event).ValueKind == JsonValueKind.Object);
        FaultException.Unless(claims.Number("exp") > FixedTime.Now && claims.Number("iat") - 60 <= FixedTime.Now);
        var logout = _logouts[0];
        FaultException.UnlessEqual((logout.Issuer, logout.Subject, logout.SessionId), (Issuer, Stated(claims, "sub"), Stated(claims, "sid")));
        FaultException.Unless(logout.Subject is not null || logout.SessionId is not null);
        FaultException.UnlessEqual(await PostAsync(form), 400);
        return true;
    }

    private static string? Stated(JsonElement claims, string name) => claims.Text(name) is { Length: > 0 } text ? text : null;

    private async ValueTask<int> PostAsync(byte[] form)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Method = "POST";
        context.Request.ContentType = "application/x-www-form-urlencoded";
        context.Request.Body = new MemoryStream(form);
        context.Response.Body = body;
        await _endpoint.HandleAsync(context);
        await context.Response.CompleteAsync();
        if (context.Response.StatusCode == 400)
            FaultException.Unless(Oracle.Read(body.ToArray())?.Text("error_description") is { Length: > 0 });
        return context.Response.StatusCode;
    }

    private sealed class Handler(List<JwksLogout> logouts) : IJwksLogoutHandler
    {
        public ValueTask LogOutAsync(JwksLogout logout, CancellationToken cancellationToken)
        {
            logouts.Add(logout);
            return ValueTask.CompletedTask;
        }
    }
}
