namespace JwksAuth.Tests.Architecture;

/// <summary>Checks that folders call each other in one direction only. The architecture page shows the same lists.</summary>
public class LayerTests
{
    /// <summary>The folders of JwksAuth, from the bottom layer to the top. A new folder must be added here.</summary>
    private static readonly Layer[] Layers =
    [
        new("Diagnostics", "Meter, log messages and their names", ""),
        new("Foundation/Collections", "Collections of our own", ""),
        new("Foundation/Json", "JSON, enumerations and log lines as text", ""),
        new("Foundation/Settings", "Reads settings, and names an operator's mistakes", "Foundation/Json, Diagnostics"),
        new("Foundation/Time", "Clocks and caches on monotonic time", ""),
        new("Replay", "Proofs and assertions that may be used only once", "Diagnostics, Foundation"),
        new("Keys", "The model of a key, a set of keys and a source of keys", "Diagnostics, Foundation"),
        new("Keys/Reading", "JWKS, JWK, certificates and PEM, from bytes to keys", "Keys, Foundation"),
        new("Keys/Retrieval", "One attempt at metadata and JWKS over HTTP", "Keys, Keys/Reading, Diagnostics, Foundation"),
        new("Keys/Status", "What operators read about a source", "Keys"),
        new("Keys/Remote", "The keys of one issuer over time: requests, fetches, cooldown, schedule, history", "Keys, Keys/Reading, Keys/Retrieval, Keys/Status, Diagnostics, Foundation"),
        new("Keys/Registry", "All sources of the process, and who shares them", "Keys, Keys/Remote, Keys/Retrieval, Keys/Status, Diagnostics, Foundation, Replay"),
        new("Jose", "Reads compact JWS without exceptions, and checks signatures", "Diagnostics, Foundation, Keys"),
        new("Jose/Encryption", "Opens JWE", "Jose, Diagnostics, Foundation, Keys"),
        new("Requests", "What a request presents: the Authorization header, its token, whom it was issued to, a small form", ""),
        new("Responses", "The answer to a request: status, WWW-Authenticate, Retry-After, public documents", "Diagnostics"),
        new("Schemes", "What the schemes share: start-up, loggers, access rules, and what they report of themselves", "Keys, Requests, Responses"),
        new("Access/Callers", "Finds claims and schemes by name", "Schemes"),
        new("Access/Binding", "Proofs that the sender has the key of the token: certificates, DPoP", "Access/Callers, Diagnostics, Foundation, Jose, Keys, Replay, Requests, Responses"),
        new("Access/Scopes", "Scopes, as endpoints and policies require them", "Access/Callers"),
        new("Access/StepUp", "How and when the user authenticated", "Access/Callers, Access/Scopes"),
        new("Access/Endpoints", "Which endpoints accept which tokens", "Access/Binding, Access/Scopes, Access/StepUp, Responses, Schemes"),
        new("Access/Metadata", "Protected resource metadata", "Access/Binding, Access/Endpoints, Responses, Schemes"),
        new("Access/Users", "The application's user of a token", "Access/Callers, Foundation, Requests, Responses"),
        new("Access", "What a request needs beyond a valid token", "Access/Binding, Access/Callers, Access/Endpoints, Access/Metadata, Access/Scopes, Access/StepUp, Access/Users, Diagnostics, Requests, Responses, Schemes"),
        new("OwnKeys/Material", "Private keys from PEM, PKCS #12 and JWK", "Foundation, Jose, Keys"),
        new("OwnKeys/Publishing", "Public halves as a JWKS", "OwnKeys/Material"),
        new("OwnKeys/Ring", "The key ring: loaded from configuration and files, reloaded when they change", "OwnKeys/Material, OwnKeys/Publishing, Diagnostics, Foundation, Jose"),
        new("OwnKeys", "Registers the key ring, and maps /jwks", "OwnKeys/Publishing, OwnKeys/Ring, Diagnostics, Jose, Responses"),
        new("Bearer/Issuers", "One trusted issuer: its names, keys and audiences", "Keys"),
        new("Bearer/Identity", "The identity and the properties of an accepted token", "Bearer/Issuers, Keys, Requests"),
        new("Bearer/Cache", "Accepted tokens", "Bearer/Identity, Bearer/Issuers, Foundation, Keys"),
        new("Bearer/Validation", "Judges a token: header, claims, key, signature", "Bearer/Cache, Bearer/Identity, Bearer/Issuers, Diagnostics, Foundation, Jose, Keys, Responses"),
        new("Bearer/Configuration", "Options, compiled to a plan", "Bearer/Cache, Bearer/Issuers, Bearer/Validation, Diagnostics, Foundation, Jose, Keys"),
        new("Bearer", "The scheme: registration, handler, events, start-up", "Bearer/Configuration, Bearer/Identity, Bearer/Issuers, Bearer/Validation, Access, Diagnostics, Jose, Keys, OwnKeys, Requests, Responses, Schemes"),
        new("Fleet", "One source as a member of a fleet of replicas", "Foundation, Keys"),
        new("Fleet/DistributedCache", "A fleet on the application's distributed cache", "Fleet, Diagnostics, Foundation, Replay"),
        new("Introspection/Server", "The authorization server: endpoint, client authentication, limits", "Diagnostics, Foundation, Keys"),
        new("Introspection/Telemetry", "What introspection counts and logs", "Diagnostics"),
        new("Introspection/Answers", "Reads and judges a response: plain, signed, encrypted", "Introspection/Server, Introspection/Telemetry, Foundation, Jose, Keys, Requests"),
        new("Introspection/Cache", "Verdicts on tokens that were introspected", "Introspection/Answers, Introspection/Telemetry, Foundation, Requests"),
        new("Introspection/Configuration", "Options, compiled to a plan", "Introspection/Answers, Introspection/Cache, Introspection/Server, Introspection/Telemetry, Diagnostics, Foundation, Jose, Keys"),
        new("Introspection", "The scheme for opaque tokens: registration, handler, events, start-up", "Introspection/Answers, Introspection/Cache, Introspection/Configuration, Introspection/Server, Introspection/Telemetry, Access, Jose, Keys, Requests, Responses, Schemes"),
        new("Logout", "Logout tokens of an OpenID provider, and the endpoint that accepts them", "Bearer, Diagnostics, Foundation, Keys, Replay, Requests, Responses"),
        new("Operations/Health", "The health check", "Jose, Keys, Schemes"),
        new("Operations/Status/Report", "What the status contains, and its JSON", "Foundation, Keys, Schemes"),
        new("Operations/Status/Page", "The status as HTML", "Operations/Status/Report, Foundation, Keys, Schemes"),
        new("Operations/Status", "The status endpoint, and operator refresh", "Operations/Status/Page, Operations/Status/Report, Diagnostics, Foundation, Jose, Keys, Schemes"),
    ];

    /// <summary>The folders of JwksAuth.Issuer, in the same order.</summary>
    private static readonly Layer[] IssuerLayers =
    [
        new("Diagnostics", "Log messages", ""),
        new("SigningKeys/Storage", "What is stored of the keys, and a store in a folder that several processes share", ""),
        new("SigningKeys/LifeCycle", "Which step a key may take: next, current, retiring, revoked", "SigningKeys/Storage"),
        new("SigningKeys", "The issuer's current key and its metadata, rotated on a schedule", "SigningKeys/Storage, SigningKeys/LifeCycle, Diagnostics"),
        new("ClientAssertions", "Clients that authenticate by signed assertions", "Diagnostics"),
    ];

    private static readonly PackageFolders Core = new(typeof(IJwksManager).Assembly);
    private static readonly PackageFolders Issuer = new(typeof(IJwksSigningKeys).Assembly);

    public static TheoryData<string> Packages => new("JwksAuth", "JwksAuth.Issuer");

    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_file_is_in_a_listed_folder(string package)
    {
        var (folders, layers) = Of(package);
        var used = folders.Files.Select(path => SourceTree.FolderOf(path, package)).Distinct();

        Assert.Equal(layers.Select(layer => layer.Folder).Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_folder_calls_only_what_its_line_allows(string package)
    {
        var (folders, layers) = Of(package);
        var byFolder = layers.ToDictionary(layer => layer.Folder);

        var offences = folders.Calls()
            .Where(call => !byFolder[call.From].Allows(byFolder[call.To]))
            .Select(call => $"{call.From}: {call.Source} uses {call.Target} of {call.To}");

        AssertNone(offences);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_line_allows_only_what_its_folder_uses(string package)
    {
        var (folders, layers) = Of(package);
        var used = folders.Calls().Select(call => (call.From, call.To)).Distinct().ToList();

        var unused = from layer in layers
                     from called in layer.Called
                     where !used.Any(call => call.From == layer.Folder && (call.To == called || (called != layer.Room && call.To.StartsWith(called + "/", StringComparison.Ordinal))))
                     select $"{layer.Folder} does not use {called}";

        AssertNone(unused);
    }

    /// <summary>With this, no two folders can call each other, directly or through others.</summary>
    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_line_allows_only_folders_that_are_listed_before_it(string package)
    {
        var (_, layers) = Of(package);

        var offences = layers.SelectMany((layer, index) => layers.Skip(index).Where(layer.Allows).Select(later => $"{layer.Folder} may call {later.Folder}"));

        Assert.Empty(offences);
    }

    [Theory]
    [InlineData("Diagnostics")]
    [InlineData("Keys")]
    [InlineData("Jose")]
    [InlineData("Replay")]
    public void Folders_below_the_request_do_not_know_ASP_NET_Core(string room)
    {
        var offences = from type in Core.Types
                       where !type.IsVisible && Core.FolderOf(type).Split('/')[0] == room
                       from target in TypeReferences.Of(type)
                       where target.Namespace?.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) == true
                       select $"{type} uses {target}";

        Assert.Empty(offences.Distinct());
    }

    [Fact]
    public void A_call_to_another_folder_is_found()
    {
        Assert.Contains(Core.Calls(), call => call is { From: "Bearer/Issuers", To: "Keys/Remote", Target.Name: "RemoteKeySource" });
        Assert.Contains(Core.Calls(), call => call is { From: "Keys/Remote", To: "Diagnostics", Target.Name: "FloodGate" });
        Assert.Contains(Issuer.Calls(), call => call is { From: "SigningKeys", To: "SigningKeys/Storage" });
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Internal_types_have_the_namespace_of_their_folder(string package)
    {
        var (folders, layers) = Of(package);
        var known = layers.Select(layer => layer.Folder).ToHashSet();

        Assert.DoesNotContain(folders.Types, type => !type.IsVisible && !type.IsNested && !known.Contains(folders.FolderOf(type)));
    }

    [Fact]
    public void The_architecture_page_shows_the_same_map()
    {
        var page = File.ReadAllLines(Path.Combine(SourceTree.Root, "ARCHITECTURE.md"));

        Assert.Equal([.. Layers.Select(layer => layer.Line), .. IssuerLayers.Select(layer => layer.Line)], page.Where(line => line.StartsWith("| `", StringComparison.Ordinal)));
    }

    // The message names every offence, where Assert.Empty would cut it.
    private static void AssertNone(IEnumerable<string> offences)
    {
        var text = string.Join(Environment.NewLine, offences.Distinct());
        Assert.True(text.Length == 0, text);
    }

    private static (PackageFolders Folders, Layer[] Layers) Of(string package) => package == "JwksAuth" ? (Core, Layers) : (Issuer, IssuerLayers);
}
