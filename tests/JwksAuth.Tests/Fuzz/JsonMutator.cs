using System.Text;

namespace JwksAuth.Tests.Fuzz;

/// <summary>Changes a JSON object member by member, so that most results are still JSON and reach the code behind the parser.</summary>
internal sealed class JsonMutator(Mutator mutator)
{
    private static readonly string[] Names =
    [
        "alg", "kid", "typ", "cty", "crit", "b64", "zip", "jwk", "jku", "x5c", "x5t", "x5u", "enc", "epk", "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "azp", "acr", "amr", "auth_time",
        "nonce", "cnf", "act", "actort", "scope", "scp", "roles", "role", "name", "email", "client_id", "", "\\u0065xp", "a\\u006cg", "\\ud83d\\ude00", "keys", "kty", "use", "key_ops", "n", "e",
        "crv", "x", "y", "d", "issuer", "jwks_uri", "\\ud800",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "1.5", "1e9", "1e400", "-1e400", "253402300799", "253402300800", "9223372036854775807", "9223372036854775808", "1e-400", "\"\"", "\" \"", "\"a\"",
        "\"ES256\"", "\"none\"", "\"HS256\"", "\"JWT\"", "\"at+jwt\"", "\"\\u0061\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[\"a\"]", "[1]", "[[]]", "[null]", "[\"a\",1]", "{\"a\":1,\"a\":2}",
        "{\"jkt\":\"x\"}", "\"eyJhbGciOiJub25lIn0.e30.\"", "\"2026-01-01T00:00:00Z\"", "\"https://issuer.test\"", "\"api\"", "[\"api\"]", "\"sig\"", "\"enc\"", "[\"verify\"]", "\"RSA\"", "\"EC\"", "\"oct\"", "\"P-256\"",
        "\"AQAB\"", "\"AA\"", "99999999999999999999999999999999999999",
    ];

    private readonly JsonGenerator _generator = new(mutator);

    /// <param name="members">Names and raw values, written with their escapes.</param>
    public byte[] Mutate(IEnumerable<(string Name, string Value)> members)
    {
        var changed = members.ToList();
        for (var count = mutator.Random.Next(1, 4); count > 0; count--)
            MutateOnce(changed);

        var text = $"{{{string.Join(',', changed.Select(member => $"\"{member.Name}\":{member.Value}"))}}}";
        var bytes = Encoding.UTF8.GetBytes(text);
        return mutator.Random.Next(4) == 0 ? mutator.Mutate(bytes) : bytes;
    }

    private void MutateOnce(List<(string Name, string Value)> members)
    {
        var at = mutator.Random.Next(members.Count + 1);
        var isMember = at < members.Count;
        switch (mutator.Random.Next(8))
        {
            case 0 when isMember:
                members.RemoveAt(at);
                break;
            case 1 when isMember:
                members.Add(members[at]);
                break;
            case 2 or 3 when isMember:
                members[at] = (members[at].Name, Value());
                break;
            case 4 when isMember && members[at].Name.Length > 0 && members[at].Name[0] != '\\':
                members[at] = ($"\\u{(int)members[at].Name[0]:x4}{members[at].Name[1..]}", members[at].Value);
                break;
            case 5 when mutator.Random.Next(20) == 0:
                members.AddRange(Enumerable.Range(0, mutator.Random.Next(40, 120)).Select(number => ($"claim{number}", "1")));
                break;
            case 6 when mutator.Random.Next(10) == 0:
                var depth = mutator.Random.Next(20, 200);
                members.Insert(at, ("deep", new string('[', depth) + new string(']', depth)));
                break;
            default:
                members.Insert(at, (mutator.Pick(Names), Value()));
                break;
        }
    }

    private string Value() => mutator.Random.Next(4) == 0 ? _generator.Value(2) : mutator.Pick(Values);
}
