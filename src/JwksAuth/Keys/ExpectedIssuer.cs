using JwksAuth.Foundation.Json;

namespace JwksAuth.Keys;

/// <summary>The issuer that the metadata of a source must name, according to one user of the source.</summary>
internal sealed class ExpectedIssuer(IReadOnlyList<string> names, string setting) : IEquatable<ExpectedIssuer>
{
    private const int LongestName = 256;

    /// <summary>The name derived from an address: the authority, or the address without its well-known part; null for none.</summary>
    public string? Derived { get; init; }

    /// <summary>Whether the metadata may name the issuer; the first name must not change later.</summary>
    public bool TakesFirst { get; init; }

    public bool TakesAny { get; init; }

    /// <summary>Another remedy for a mismatch, which completes a sentence; null if there is none.</summary>
    public string? Alternative { get; init; }

    /// <summary>Whether the metadata may name this issuer.</summary>
    /// <param name="issuer">The issuer; null if the metadata names none.</param>
    /// <param name="first">The first name in the metadata of the source; null before the first.</param>
    public bool Accepts(string? issuer, string? first)
    {
        if (TakesAny)
            return true;
        if (string.IsNullOrEmpty(issuer))
            return false;
        if (Derived is not null && IssuerName.IsSame(Derived, issuer))
            return true;

        foreach (var name in names)
        {
            if (IssuerName.IsSame(name, issuer) || IssuerName.IsTemplateOf(issuer, name))
                return true;
        }

        return TakesFirst && (first is null || first == issuer);
    }

    public string Describe(string address, string? issuer, string? first)
    {
        if (string.IsNullOrEmpty(issuer))
            return $"The metadata at {address} names no issuer.";

        var expected = string.Join("' or '", Derived is null ? names : names.Append(Derived));
        var before = TakesFirst ? $"but it named '{Escape(first)}' before" : $"but '{expected}' is configured";
        var remedy = IssuerName.IsTemplate(issuer)
            ? $"set {setting} to the issuer of one tenant, or list the tenants in ValidIssuers, "
                + "or validate issuers with TokenValidationParameters.IssuerValidator"
            : $"set {setting} to '{Escape(issuer)}'{(Alternative is null ? "" : ", " + Alternative)}";
        return $"The metadata at {address} names issuer '{Escape(issuer)}', {before}: {remedy}.";
    }

    public bool Equals(ExpectedIssuer? other) =>
        other is not null && Derived == other.Derived && TakesFirst == other.TakesFirst && TakesAny == other.TakesAny
            && names.SequenceEqual(other.Names);

    public override bool Equals(object? obj) => Equals(obj as ExpectedIssuer);

    public override int GetHashCode() => HashCode.Combine(Derived, names.Count > 0 ? names[0] : null);

    private IReadOnlyList<string> Names => names;

    private static string Escape(string? name) => LogText.Escape(name, LongestName);
}
