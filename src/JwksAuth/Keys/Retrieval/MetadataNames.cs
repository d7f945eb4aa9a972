namespace JwksAuth.Keys.Retrieval;

/// <summary>
/// Judges which issuer the metadata of one source names: by what the users of the source expect, and by the name that it gave first. An
/// issuer must not become another one by what it says of itself.
/// </summary>
internal sealed class MetadataNames
{
    // A resolver may return the address of one issuer's metadata for any number of names that tokens bring. Junk among them must not keep the others from
    // it, so it may have the name that it gave first; each name is held to what it expects when its tokens come.
    private const int MostOnTheFly = 16;
    private static readonly ExpectedIssuer AnyFirst = new([], "Issuer") { TakesFirst = true };

    private readonly Lock _gate = new();
    private readonly Dictionary<object, HashSet<ExpectedIssuer>> _expected = new(ReferenceEqualityComparer.Instance);
    private volatile string? _first;
    private volatile string? _refused;

    /// <summary>The issuer that the metadata named when it was last read, if it was refused for that; null otherwise.</summary>
    public string? Refused => _refused;

    /// <param name="user">A user of the source.</param>
    /// <param name="expected">What it expects.</param>
    /// <param name="isOnTheFly">Whether a token brought the name, and not configuration.</param>
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

    /// <summary>Whether one user of the source may take what the metadata names.</summary>
    public bool IsAccepted(ExpectedIssuer expected, string? issuer) => expected.Accepts(issuer, _first);

    /// <summary>Says why one user of the source does not take what the metadata names, although others do.</summary>
    public string Describe(ExpectedIssuer expected, string address, string? issuer) => expected.Describe(address, issuer, _first);

    /// <summary>Judges metadata that was just read: null if a user of the source takes it, otherwise the fault in words.</summary>
    /// <param name="issuer">The issuer that it names; null if it names none.</param>
    /// <param name="address">Where it was read.</param>
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
