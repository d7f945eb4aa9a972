using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Retrieval;
using JwksAuth.Testing;

namespace JwksAuth.Tests;

/// <summary>An issuer for each way in which a fetch can fail because of the issuer.</summary>
internal static class FetchFaults
{
    public static TheoryData<string> Names => [.. Enum.GetNames<FetchFailure>().Where(name => name != nameof(FetchFailure.Stopped))];

    /// <summary>Makes an issuer with metadata fail.</summary>
    public static FetchFailure Arrange(FakeJwksServer issuer, string name)
    {
        var failure = Enum.Parse<FetchFailure>(name);
        if (failure is FetchFailure.InsecureAddress or FetchFailure.IssuerMismatch or FetchFailure.NoJwksUri)
            ArrangeMetadata(issuer, failure);
        else
            issuer.Jwks.Respond(ResponseOf(failure));
        return failure;
    }

    private static void ArrangeMetadata(FakeJwksServer issuer, FetchFailure failure) => issuer.CustomizeMetadata(metadata =>
    {
        if (failure == FetchFailure.NoJwksUri)
            metadata.Remove("jwks_uri");
        else if (failure == FetchFailure.InsecureAddress)
            metadata["jwks_uri"] = "http://issuer.test/jwks";
        else
            metadata["issuer"] = "https://other.test";
    });

    private static FakeResponse ResponseOf(FetchFailure failure) => failure switch
    {
        FetchFailure.Timeout => FakeResponse.Hang,
        FetchFailure.Unreachable => FakeResponse.Abort,
        FetchFailure.Redirect => FakeResponse.Redirect("https://issuer.test/elsewhere"),
        FetchFailure.Status => FakeResponse.Status(500),
        FetchFailure.TooLarge => FakeResponse.Oversize(DocumentRetriever.MaximumBytes + 1, chunked: true),
        FetchFailure.ContentCoding => FakeResponse.Regular.WithHeader("Content-Encoding", "gzip"),
        FetchFailure.NotJson => FakeResponse.Text("<html>Sign in</html>", "text/html"),
        FetchFailure.NoKeys => FakeResponse.Text("{}"),
        FetchFailure.TooManyKeys => FakeResponse.Text($$"""{"keys":[{{string.Join(',', Enumerable.Repeat("{}", 101))}}]}"""),
        FetchFailure.NoUsableKey => FakeResponse.EmptyKeySet,
        _ => throw new ArgumentOutOfRangeException(nameof(failure)),
    };
}
