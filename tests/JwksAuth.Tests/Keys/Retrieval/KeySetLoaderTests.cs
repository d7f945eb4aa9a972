using JwksAuth.Keys.Reading;
using JwksAuth.Keys.Retrieval;
using JwksAuth.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Keys.Retrieval;

public sealed class KeySetLoaderTests : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly FakeClock _clock = new();
    private readonly ServiceProvider _services = SourceUnderTest.CreateServices();
    private FakeJwksServer _issuer = null!;

    public async Task InitializeAsync() => _issuer = await TestIssuer.StartAsync(_clock);

    public async Task DisposeAsync()
    {
        await _issuer.DisposeAsync();
        await _services.DisposeAsync();
    }

    public static TheoryData<string> Faults => FetchFaults.Names;

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Each_failure_of_the_issuer_has_its_own_name(string name)
    {
        var failure = FetchFaults.Arrange(_issuer, name);
        var loading = LoadAsync(discovers: true);
        if (failure == FetchFailure.Timeout)
        {
            await _issuer.WaitForJwksRequestsAsync(1);
            _clock.Advance(Timeout);
        }

        var load = await loading;

        Assert.Null(load.Document);
        Assert.Equal(failure, load.Failure);
        Assert.NotEmpty(load.Error!);
        Assert.DoesNotContain("Sign in", load.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_source_stops_loading()
    {
        using var closing = new CancellationTokenSource();
        _issuer.Jwks.Respond(FakeResponse.Hang);
        var loading = LoadAsync(cancellationToken: closing.Token);
        await _issuer.WaitForJwksRequestsAsync(1);

        await closing.CancelAsync();

        Assert.Equal(FetchFailure.Stopped, (await loading).Failure);
    }

    [Fact]
    public async Task An_unchanged_response_keeps_the_set()
    {
        var first = await LoadAsync();
        var second = await LoadAsync(first);
        _issuer.Jwks.UseETag = false;
        var third = await LoadAsync(second);

        Assert.Same(first.Document!.Set, second.Document!.Set);
        Assert.Same(first.Document.Set, third.Document!.Set);
        Assert.Contains(_issuer.Requests, request => request.Headers.ContainsKey("If-None-Match"));
    }

    [Fact]
    public async Task A_304_to_an_unconditional_request_is_a_failure()
    {
        _issuer.Jwks.Respond(FakeResponse.Status(304));

        Assert.Equal(FetchFailure.Status, (await LoadAsync()).Failure);
    }

    [Fact]
    public async Task Recent_metadata_is_read_again_only_when_it_is_suspect()
    {
        var first = await LoadAsync(discovers: true);
        await LoadAsync(first, discovers: true);
        Assert.Equal(1, _issuer.MetadataRequestCount);

        await LoadAsync(first, discovers: true, isSuspect: true);
        Assert.Equal(2, _issuer.MetadataRequestCount);

        _clock.Advance(TimeSpan.FromHours(1));
        await LoadAsync(first, discovers: true);
        Assert.Equal(3, _issuer.MetadataRequestCount);
    }

    [Fact]
    public async Task Metadata_that_names_another_issuer_is_a_failure_but_not_an_outage()
    {
        var first = await LoadAsync(discovers: true);
        FetchFaults.Arrange(_issuer, nameof(FetchFailure.IssuerMismatch));
        Assert.Equal(FetchFailure.IssuerMismatch, (await LoadAsync(first, discovers: true, isSuspect: true)).Failure);

        _issuer.OpenIdConfiguration.Respond(FakeResponse.Status(500));
        Assert.Null((await LoadAsync(first, discovers: true, isSuspect: true)).Failure);
    }

    private Task<KeySetLoad> LoadAsync(
        KeySetLoad? previous = null, bool discovers = false, bool isSuspect = false, CancellationToken cancellationToken = default)
    {
        var identity = SourceUnderTest.IdentityOf(_issuer, discovers);
        var retriever = new DocumentRetriever(_services.GetRequiredService<IHttpClientFactory>(), identity.Http, _clock);
        var request = new KeySetRequest(previous?.Document, previous?.Metadata, Timeout, JwksFetchReason.Schedule) { MetadataIsSuspect = isSuspect };
        return SourceUnderTest.CreateLoader(identity, retriever).LoadAsync(request, cancellationToken);
    }
}
