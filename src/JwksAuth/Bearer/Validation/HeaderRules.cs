using JwksAuth.Jose;
using JwksAuth.Keys;

namespace JwksAuth.Bearer.Validation;

/// <summary>The rules for the header of a token: <c>alg</c>, <c>crit</c>, <c>typ</c>.</summary>
internal static class HeaderRules
{
    /// <summary>The first rule that the header breaks; null if it breaks none.</summary>
    public static JwksTokenFailure? Judge(in JoseHeader header, BearerPlan plan, out SignatureAlgorithm algorithm)
    {
        if (!header.TryGetAlgorithm(out algorithm) || !plan.Algorithms[(int)algorithm])
            return JwksTokenFailure.Algorithm;
        if (header.HasUnsupportedExtension)
            return JwksTokenFailure.UnsupportedExtension;
        return IsAcceptedType(header, plan.Rules) ? null : JwksTokenFailure.Type;
    }

    private static bool IsAcceptedType(in JoseHeader header, TokenRules rules) =>
        header.Type.IsEmpty ? rules.Types is null : header.IsOfType((rules.Types ?? TokenTypes.Usual).AsSpan());
}
