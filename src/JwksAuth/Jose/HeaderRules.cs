using System.Collections.Immutable;
using JwksAuth.Keys;

namespace JwksAuth.Jose;

internal enum HeaderFault
{
    Algorithm,
    UnsupportedExtension,
    Type,
}

/// <summary>The rules for the header of a signed JWT: <c>alg</c>, <c>crit</c> and <c>typ</c>.</summary>
/// <param name="mayLackType">Whether a JWT without a type is accepted.</param>
/// <param name="algorithms">The accepted algorithms; null accepts every signature algorithm.</param>
internal sealed class HeaderRules(
    ImmutableArray<string> types, bool mayLackType, IReadOnlyCollection<SignatureAlgorithm>? algorithms = null)
{
    private readonly bool[] _accepts = [.. SignatureAlgorithms.All.Select(known => algorithms?.Contains(known) ?? true)];

    public ImmutableArray<string> Types => types;

    public IEnumerable<SignatureAlgorithm> Algorithms => SignatureAlgorithms.All.Where(known => _accepts[(int)known]);

    /// <summary>The first rule that the header breaks; null if it breaks none.</summary>
    public HeaderFault? Judge(in JoseHeader header, out SignatureAlgorithm algorithm)
    {
        if (!header.TryGetAlgorithm(out algorithm) || !_accepts[(int)algorithm])
            return HeaderFault.Algorithm;
        if (header.HasUnsupportedExtension)
            return HeaderFault.UnsupportedExtension;
        return (header.Type.IsEmpty ? mayLackType : header.IsOfType(types.AsSpan())) ? null : HeaderFault.Type;
    }
}
