using JwksAuth.Keys;
using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Retrieval;

namespace JwksAuth.Fuzzing.Readers;

/// <summary>Reads an issuer's metadata: only that of the expected issuer is accepted, and another replica that receives it reads the same.</summary>
internal sealed class MetadataReader : IFuzzedReader
{
    private const string Issuer = "https://issuer.test";
    private const string Address = Issuer + "/.well-known/openid-configuration";
    private const int LongestMessage = 2000;

    private static readonly RetrievalSettings Http = new(AllowLoopbackHttp: false, AllowAnyHttp: false, null, null);

    public ValueTask<bool> ReadAsync(byte[] input)
    {
        var (document, failure, error) = Read(input);
        FaultException.Unless(document is null != failure is null);
        FaultException.Unless(failure is null || error is { Length: > 0 and < LongestMessage } && !error.Any(char.IsControl));
        if (document is null)
            return new(false);

        FaultException.Unless(document.Issuer is Issuer or Issuer + "/" || IsNameOfManyTenants(document.Issuer!));
        FaultException.Unless(document.JwksUri is null || !AddressGate.TryPass(document.JwksUri, Http, out var address, out _) || address.Scheme == Uri.UriSchemeHttps);
        var again = Read(document.Write()).Document;
        FaultException.UnlessEqual(Members(again), Members(document));
        return new(true);
    }

    // The issuer may also be a template of which this issuer is a tenant.
    private static bool IsNameOfManyTenants(string name) =>
        name.Split("{tenantid}") is [var start, .. var middle, var end]
        && Issuer.StartsWith(start, StringComparison.Ordinal) && Issuer.EndsWith(end, StringComparison.Ordinal)
        && start.Length + end.Length < Issuer.Length && middle.Length == 0;

    private static (MetadataDocument? Document, FetchFailure? Failure, string? Error) Read(byte[] body)
    {
        var names = new MetadataNames();
        names.Expect(names, new ExpectedIssuer([Issuer], "Issuer"));
        return MetadataDocument.Read(body, names, Address, 0);
    }

    private static (string?, string?, string?, string?) Members(MetadataDocument? document) =>
        (document?.Issuer, document?.JwksUri, document?.IntrospectionEndpoint, document?.CertificateIntrospectionEndpoint);
}
