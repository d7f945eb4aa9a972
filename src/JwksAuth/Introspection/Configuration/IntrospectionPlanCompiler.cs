using JwksAuth.Foundation.Settings;
using JwksAuth.Introspection.Answers;
using JwksAuth.Introspection.Cache;
using JwksAuth.Introspection.Server;
using JwksAuth.Introspection.Telemetry;
using JwksAuth.Jose;
using JwksAuth.Jose.Encryption;
using JwksAuth.Keys;
using JwksAuth.Keys.Registry;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Introspection.Configuration;

/// <summary>Compiles the options of a scheme. Mistakes become faults of the plan, not exceptions.</summary>
/// <param name="keyRing">The API's own keys, loaded only if a scheme uses them; null if there are none.</param>
/// <param name="opener">Decrypts responses; null without a key ring.</param>
internal sealed class IntrospectionPlanCompiler(
    KeySourceRegistry registry, IHttpClientFactory clients, IntrospectionTelemetry telemetry, SignatureCheck signatures,
    Lazy<IKeyRing>? keyRing, Lazy<JweOpener>? opener)
{
    public IntrospectionPlan Compile(string scheme, JwksIntrospectionOptions current)
    {
        var faults = new OptionFaults(current.SectionPath ?? $"Authentication:Schemes:{scheme}");
        faults.AddRange(current.ConfigurationFaults.Select(fault => fault.Text));
        IntrospectionOptionsValidator.Validate(current, faults);
        if (current.EncryptedResponseAlg is not null && opener is null)
            faults.Add(
                nameof(current.EncryptedResponseAlg), current.EncryptedResponseAlg,
                "is set, but there is no key ring to decrypt responses: add one with AddJwksKeyRing");

        var time = current.TimeProvider ?? TimeProvider.System;
        var server = CompileServer(current, time, faults);
        var authentication = ClientAuthentications.Create(current, keyRing, time, faults);
        return new IntrospectionPlan
        {
            Scheme = scheme,
            Faults = faults.All,
            Server = server,
            Introspector = faults.All.Count == 0 ? CreateIntrospector(scheme, current, server!, authentication!, time) : null,
        };
    }

    private AuthorizationServer? CompileServer(JwksIntrospectionOptions current, TimeProvider time, OptionFaults faults)
    {
        var before = faults.All.Count;
        var http = new RetrievalSettings(!current.RequireHttpsMetadata, current.AllowInsecureHttp, null, current.BackchannelHttpHandler);
        var hasEndpoint = ServerAddress.IsUsable(current.IntrospectionEndpoint, nameof(current.IntrospectionEndpoint), http, faults);
        var identity = Identify(current, http, time, faults);
        if (identity?.MetadataAddress is null && faults.All.Count == before)
        {
            if (!hasEndpoint)
                faults.Add(nameof(current.Authority), null, "is not set: set it, or Issuer with IntrospectionEndpoint");
            else if (string.IsNullOrEmpty(current.Issuer))
                faults.Add(nameof(current.Issuer), null, "is not set, and there is no metadata with the issuer: set it");
            else if (identity is null && current.ResponseFormat == JwksIntrospectionFormat.Jwt)
                faults.Add(nameof(current.JwksUri), null,
                    "is not set, and there is no metadata with the address: set it to verify signed responses");
        }

        if (faults.All.Count > before)
            return null;

        // A plain response needs no key; only the connection authenticates it.
        var needsKeys = current.ResponseFormat == JwksIntrospectionFormat.Jwt;
        var expected = identity?.MetadataAddress is null ? null : Expect(current);
        var source = identity is null || (identity.JwksUri is not null && !needsKeys)
            ? null
            : registry.Acquire(identity, null, current, expected, needsKeys);
        return new AuthorizationServer(
            current.Issuer, current.IntrospectionEndpoint, source, expected, http, usesCertificate: current.ClientAuthentication == "none");
    }

    private static ExpectedIssuer Expect(JwksIntrospectionOptions current) => string.IsNullOrEmpty(current.Issuer)
        ? new ExpectedIssuer([], nameof(current.Issuer)) { Derived = current.Authority }
        : new ExpectedIssuer([current.Issuer], nameof(current.Issuer));

    private static KeySourceIdentity? Identify(
        JwksIntrospectionOptions current, RetrievalSettings http, TimeProvider time, OptionFaults faults)
    {
        var reading = new KeyReadingSettings();
        if (ServerAddress.IsUsableAuthority(current.Authority, nameof(current.Authority), http, faults)
            && string.IsNullOrEmpty(current.JwksUri))
        {
            var (openId, oauth) = MetadataAddresses.Of(current.Authority!);
            return new KeySourceIdentity(current.Issuer ?? current.Authority, openId, oauth, null, http, reading, time);
        }

        return ServerAddress.IsUsable(current.JwksUri, nameof(current.JwksUri), http, faults)
            ? new KeySourceIdentity(current.Issuer, null, null, current.JwksUri, http, reading, time)
            : null;
    }

    private Introspector CreateIntrospector(
        string scheme, JwksIntrospectionOptions current, AuthorizationServer server, IClientAuthentication authentication,
        TimeProvider time)
    {
        var report = telemetry.ForScheme(scheme, time);
        var isSigned = current.ResponseFormat == JwksIntrospectionFormat.Jwt;
        var own = current.BackchannelHttpHandler is { } handler ? new HttpMessageInvoker(handler, disposeHandler: false) : null;
        var name = current.HttpClientName;
        var client = new IntrospectionClient(
            () => own ?? clients.CreateClient(name), authentication,
            isSigned ? SignedAnswers.MediaType : "application/json", current.MaximumAnswerSize, time);
        var guarded = new GuardedClient(client, current.MaximumConcurrentRequests, current.Timeout, time);
        var opening = current.EncryptedResponseAlg is null ? null : opener!.Value;
        var signed = isSigned ? new SignedAnswers(CompileSignedRules(current, time), server.Source!, signatures, opening) : null;
        var call = new IntrospectionCall(server, guarded, signed, new AnswerReader(CompileRules(scheme, current, time)), report);
        return new Introspector(
            call, new VerdictCache(current.CacheCapacity, current.CacheDuration, time), current.MaximumTokenLength, report);
    }

    private static SignedAnswerRules CompileSignedRules(JwksIntrospectionOptions current, TimeProvider time) => new(
        IntrospectionOptionsValidator.Algorithms(current),
        IntrospectionOptionsValidator.Encryption(current, current.MaximumAnswerSize),
        [string.IsNullOrEmpty(current.ResponseAudience) ? current.ClientId! : current.ResponseAudience],
        current.ClockSkew,
        current.Timeout,
        time);

    private static AnswerRules CompileRules(string scheme, JwksIntrospectionOptions current, TimeProvider time) => new()
    {
        Scheme = scheme,
        Time = time,
        ClockSkew = current.ClockSkew,
        Audiences = current.AcceptAnyAudience ? null : [.. AudienceSettings.All(current.Audience, current.Audiences)],
        AcceptsUndescribed = current.AcceptUndescribedTokens,
        ServiceProviderClaim = string.IsNullOrEmpty(current.ServiceProviderClaim) ? null : current.ServiceProviderClaim,
        RequiredScopes = [.. current.RequiredScopes],
        NameClaimType = current.NameClaimType,
        RoleClaimType = current.RoleClaimType,
    };
}
