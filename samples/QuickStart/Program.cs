using JwksAuth.Testing;
using QuickStart;

await using var issuer = await FakeJwksServer.StartAsync(new FakeJwksServerOptions
{
    Audience = OrdersApi.Audience,
    Algorithm = "ES256",
    TokenLifetime = TimeSpan.FromHours(1),
});
await using var api = await OrdersApi.StartAsync(issuer);
using var caller = new Caller(api.Address);

var stage = new Stage(Console.Out);
try
{
    await new Story(stage, issuer, api, caller).PlayAsync(api.Stopping);
}
catch (OperationCanceledException) when (api.Stopping.IsCancellationRequested)
{
    return 1; // Ctrl+C before the end
}

stage.Conclude();
if (!args.Contains("--once"))
{
    ThingsToTry.Print(Console.Out, issuer, api);
    await api.WaitForShutdownAsync();
}

return stage.IsAsTold ? 0 : 1;
