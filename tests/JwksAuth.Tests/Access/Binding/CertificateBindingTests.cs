using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JwksAuth.Access.Binding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace JwksAuth.Tests.Access.Binding;

public sealed class CertificateBindingTests : IDisposable
{
    private readonly X509Certificate2 _owners = Create("owner");
    private readonly X509Certificate2 _thiefs = Create("thief");
    private readonly DefaultHttpContext _context = new();
    private readonly RecordedLog _log = new();

    private string Thumbprint => Base64Url.EncodeToString(SHA256.HashData(_owners.RawData));

    [Fact]
    public async Task Only_the_certificate_with_the_thumbprint_proves_possession()
    {
        var binding = new CertificateBinding(NullLoggerFactory.Instance);

        _context.Features.Set<ITlsConnectionFeature>(new Connection(() => _owners));
        Assert.True(await binding.IsProvedAsync(_context, Thumbprint));
        Assert.False(await binding.IsProvedAsync(_context, Thumbprint + "="));
        _context.Features.Set<ITlsConnectionFeature>(new Connection(() => _thiefs));
        Assert.False(await binding.IsProvedAsync(_context, Thumbprint));
        _context.Features.Set<ITlsConnectionFeature>(new Connection(() => null));
        Assert.False(await binding.IsProvedAsync(_context, Thumbprint));
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_requested_proves_nothing_and_is_logged()
    {
        using var factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log));
        _context.Features.Set<ITlsConnectionFeature>(new Connection(() => throw new NotSupportedException("A body is on its way.")));

        Assert.False(await new CertificateBinding(factory).IsProvedAsync(_context, Thumbprint));
        Assert.Equal("ClientCertificateNotAsked", Assert.Single(_log.Entries).Id.Name);
    }

    [Fact]
    public async Task A_disconnected_client_is_not_logged_as_a_fault()
    {
        using var factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log));
        _context.RequestAborted = new CancellationToken(canceled: true);
        _context.Features.Set<ITlsConnectionFeature>(new Connection(() => throw new OperationCanceledException()));

        await Assert.ThrowsAsync<OperationCanceledException>(() => new CertificateBinding(factory).IsProvedAsync(_context, Thumbprint).AsTask());
        Assert.Empty(_log.Entries);
    }

    public void Dispose()
    {
        _owners.Dispose();
        _thiefs.Dispose();
        _log.Dispose();
    }

    private static X509Certificate2 Create(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
    }

    private sealed class Connection(Func<X509Certificate2?> find) : ITlsConnectionFeature
    {
        public X509Certificate2? ClientCertificate { get; set; }

        public async Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken)
        {
            await Task.Yield();
            return find();
        }
    }
}
