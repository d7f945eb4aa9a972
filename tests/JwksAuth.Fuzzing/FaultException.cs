using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace JwksAuth.Fuzzing;

/// <summary>A reader broke one of its rules.</summary>
internal sealed class FaultException(string message) : Exception(message)
{
    /// <exception cref="FaultException">The condition does not hold.</exception>
    public static void Unless([DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        if (!condition)
            throw new FaultException($"This must hold: {text}");
    }

    /// <exception cref="FaultException">The values differ.</exception>
    public static void UnlessEqual<T>(T ours, T expected, [CallerArgumentExpression(nameof(ours))] string text = "")
    {
        if (!EqualityComparer<T>.Default.Equals(ours, expected))
            throw new FaultException($"{text} is '{ours}', but should be '{expected}'");
    }
}
