using System.Collections.Concurrent;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace JwksAuth.Tests;

/// <summary>What a verifier was asked.</summary>
internal sealed record VerifierQuestion(SecurityKey Key, string Algorithm, string SigningInput, byte[] Signature);

/// <summary>A verifier without any cryptography: it says what it is told to, and keeps what it was asked.</summary>
internal sealed class FakeVerifier : IJwksSignatureVerifier
{
    private readonly ConcurrentQueue<VerifierQuestion> _questions = new();

    /// <summary>What it says; by default that every signature is good.</summary>
    public Func<VerifierQuestion, bool> Judge { get; set; } = _ => true;

    public IReadOnlyCollection<VerifierQuestion> Questions => _questions;

    public bool Verify(SecurityKey key, string algorithm, ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        var question = new VerifierQuestion(key, algorithm, Encoding.ASCII.GetString(signingInput), signature.ToArray());
        _questions.Enqueue(question);
        return Judge(question);
    }
}
