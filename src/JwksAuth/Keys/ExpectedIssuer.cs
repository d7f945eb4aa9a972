
using JwksAuth.Foundation.Json;

namespace JwksAuth.Keys;

/// <summary>The issuer that the metadata of a source must name, by the settings of one user of the source.</summary>
/// <param name="names">Names that configuration states.</param>
/// <param name="setting">The option that states the name, as messages call it.</param>
internal sealed class ExpectedIssuer(IReadOnlyList<string> names, string setting) : IEquatable<ExpectedIssuer>
{
    private const int LongestName = 256;

    /// <summary>The name that follows from an address: the authority, or the address without its well-known part; null for none.</summary>
    public string? Derived { get; init; }

    /// <summary>Whether metadata may give the issuer its name: the first one, which it must then keep.</summary>
    public bool TakesFirst { get; init; }

    /// <summary>Whether the application validates issuers itself.</summary>
    public bool TakesAny { get; init; }

    /// <summary>Another way to correct a mismatch, as the rest of a sentence; null if there is none.</summary>
    public string? Alternative { get; init; }

    /// <summary>Whether metadata may name this issuer.</summary>
    /// <param name="issuer">The issuer; null if the metadata names none.</param>
    /// <param name="first">The name that the metadata of the source gave first; null if it gave none yet.</param>
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

    /// <summary>What operators are told about metadata that is refused.</summary>
    public string Describe(string address, string? issuer, string? first)
    {
        if (string.IsNullOrEmpty(issuer))
            return $"The metadata at {address} names no issuer.";

        var expected = string.Join("' or '", Derived is null ? names : names.Append(Derived));
        var before = TakesFirst ? $"but it named '{Escape(first)}' before" : $"but '{expected}' is configured";
        var remedy = IssuerName.IsTemplate(issuer)
            ? $"set {setting} to the issuer of one tenant, or list the tenants in ValidIssuers, or validate issuers with TokenValidationParameters.IssuerValidator"
            : $"set {setting} to '{Escape(issuer)}'{(Alternative is null ? "" : ", " + Alternative)}";
        return $"The metadata at {address} names issuer '{Escape(issuer)}', {before}: {remedy}.";
    }

    public bool Equals(ExpectedIssuer? other) =>
        other is not null && Derived == other.Derived && TakesFirst == other.TakesFirst && TakesAny == other.TakesAny && names.SequenceEqual(other.Names);

    public override bool Equals(object? obj) => Equals(obj as ExpectedIssuer);

    public override int GetHashCode() => HashCode.Combine(Derived, names.Count > 0 ? names[0] : null);

    private IReadOnlyList<string> Names => names;

    private static string Escape(string? name) => LogText.Escape(name, LongestName);
}
