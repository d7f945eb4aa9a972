namespace JwksAuth.Keys.Retrieval;

/// <summary>Checks the issuer in a source's metadata against its users' expectations; it must not change later.</summary>
internal sealed class MetadataNames
{
    // A resolver may return one metadata address for any number of names from tokens. Junk names must not block the others, so the metadata
    // may keep its first name; each name's own expectation is checked when its tokens arrive.
    private const int MostOnTheFly = 16;
    private static readonly ExpectedIssuer AnyFirst = new([], "Issuer") { TakesFirst = true };

    private readonly Lock _gate = new();
    private readonly Dictionary<object, HashSet<ExpectedIssuer>> _expected = new(ReferenceEqualityComparer.Instance);
    private volatile string? _first;
    private volatile string? _refused;

    /// <summary>The issuer in the last metadata, if it was rejected for that; null otherwise.</summary>
    public string? Refused => _refused;

    public void Expect(object user, ExpectedIssuer expected, bool isOnTheFly = false)
    {
        lock (_gate)
        {
            if (!_expected.TryGetValue(user, out var known))
                _expected[user] = known = [];
            if (!isOnTheFly || known.Count < MostOnTheFly)
                known.Add(expected);
            if (isOnTheFly)
                known.Add(AnyFirst);
        }
    }

    public void Forget(object user)
    {
        lock (_gate)
            _expected.Remove(user);
    }

    public bool IsAccepted(ExpectedIssuer expected, string? issuer) => expected.Accepts(issuer, _first);

    public string Describe(ExpectedIssuer expected, string address, string? issuer) => expected.Describe(address, issuer, _first);

    /// <summary>Checks new metadata: null if a user of the source accepts it, otherwise the fault.</summary>
    public string? Judge(string? issuer, string address)
    {
        lock (_gate)
        {
            ExpectedIssuer? refusing = null;
            foreach (var expected in _expected.Values.SelectMany(all => all))
            {
                if (expected.Accepts(issuer, _first))
                {
                    refusing = null;
                    break;
                }

                refusing ??= expected;
            }

            _refused = refusing is null ? null : issuer;
            if (refusing is not null)
                return refusing.Describe(address, issuer, _first);
            _first ??= issuer;
            return null;
        }
    }
}
