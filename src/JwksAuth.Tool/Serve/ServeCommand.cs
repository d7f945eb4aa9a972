using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using JwksAuth.Issuer.SigningKeys;
using JwksAuth.Issuer.SigningKeys.LifeCycle;
using JwksAuth.Issuer.SigningKeys.Storage;
using JwksAuth.Tool.CommandLine;
using JwksAuth.Tool.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JwksAuth.Tool.Serve;

/// <summary><c>jwks serve</c>: an issuer for development, on this machine only.</summary>
internal static class ServeCommand
{
    private const string ClientFile = "client.json";
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";
    private const int UsualPort = 5005;

    private static readonly Option<int?> Port = Numbers.Option("--port", $"The port on loopback. Default: {UsualPort}", 1, 65535);
    private static readonly Option<string> Audience =
        new("--audience") { Description = "The aud of tokens if the request names no resource", DefaultValueFactory = _ => "api" };
    private static readonly Option<FileInfo?> Client = new("--client")
    {
        Description = $"A file with id and secret of the client. Default: {ClientFile} in the store, created with a random secret",
        HelpName = "file",
    };

    public static Command Create()
    {
        var command = new ExampleCommand(
            "serve",
            "Serve a development issuer on loopback: discovery, keys, tokens, introspection",
            "jwks serve --store keys --port 5005",
            """jq -r '@uri "client_id=\(.id)&client_secret=\(.secret)"' keys/client.json |""",
            "  curl -d @- -d grant_type=client_credentials http://localhost:5005/token")
        { KeysCommand.Store, Port, Audience, Client };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var store = KeySteps.Open(parsed);
        if ((await store.ReadAsync(cancellationToken)).Keys.Count == 0)
            await new StoreLifeCycle(store, TimeProvider.System).ApplyAsync(
                (life, now) => life.Rotate(() => SigningKeyFactory.Create("ES256", null, now), force: false), cancellationToken);
        var clientPath = parsed.GetValue(Client)?.FullName ?? Path.Combine(parsed.GetRequiredValue(KeysCommand.Store).FullName, ClientFile);
        var client = await DevelopmentClient.LoadAsync(clientPath, cancellationToken);

        var port = parsed.GetValue(Port) ?? UsualPort;
        var issuer = $"http://localhost:{port}";
        var audience = parsed.GetRequiredValue(Audience);
        await using var application = Build(issuer, port, audience, client, store);
        await StartAsync(application, port, cancellationToken);
        var usage = ServeUsage.Of(issuer, audience, clientPath, parsed.GetRequiredValue(KeysCommand.Store).ToString());
        new ToolOutput(parsed).Write(usage, usage.Show);
        await application.WaitForShutdownAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static async Task StartAsync(WebApplication application, int port, CancellationToken cancellationToken)
    {
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            var cause = exception.InnerException is AddressInUseException ? "it is in use" : exception.Message.TrimEnd('.');
            throw new ToolException($"Cannot listen on port {port}: {cause}. Choose another with --port.");
        }
    }

    private static WebApplication Build(string issuer, int port, string audience, DevelopmentClient client, FolderKeyStore store)
    {
        // Neither the current folder nor the environment: settings there could add addresses that are not on loopback.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter(HostCategory, LogLevel.None); // its exception says why it fails
        builder.WebHost.ConfigureKestrel(server => server.ListenLocalhost(port));
        builder.Services.AddSingleton<IJwksKeyStore>(store);
        builder.Services.AddJwksSigningKeys(options => options.Issuer = issuer);

        var application = builder.Build();
        var endpoints = new IssuerEndpoints(
            issuer, audience, client, application.Services.GetRequiredService<SigningKeyRing>(), store, TimeProvider.System);
        application.MapJwks();
        application.MapOpenIdConfiguration(metadata =>
        {
            metadata["token_endpoint"] = issuer + "/token";
            metadata["introspection_endpoint"] = issuer + "/introspect";
            metadata["grant_types_supported"] = new JsonArray("client_credentials");
            metadata["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post");
        });
        application.MapPost("/token", (Delegate)endpoints.IssueAsync);
        application.MapPost("/introspect", (Delegate)endpoints.IntrospectAsync);
        return application;
    }
}
