using System.Collections.Concurrent;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests;

/// <summary>The arguments of a call to a verifier.</summary>
internal sealed record VerifierQuestion(SecurityKey Key, string Algorithm, string SigningInput, byte[] Signature);

/// <summary>A verifier without cryptography: it returns the result that a test sets, and records its calls.</summary>
internal sealed class FakeVerifier : IJwksSignatureVerifier
{
    private readonly ConcurrentQueue<VerifierQuestion> _questions = new();

    /// <summary>Decides the result; by default, every signature is valid.</summary>
    public Func<VerifierQuestion, bool> Judge { get; set; } = _ => true;

    public IReadOnlyCollection<VerifierQuestion> Questions => _questions;

    public bool Verify(SecurityKey key, string algorithm, ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        var question = new VerifierQuestion(key, algorithm, Encoding.ASCII.GetString(signingInput), signature.ToArray());
        _questions.Enqueue(question);
        return Judge(question);
    }
}
