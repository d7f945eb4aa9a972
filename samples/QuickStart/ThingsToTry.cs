using JwksAuth.Testing;

namespace QuickStart;

/// <summary>Commands to copy while the API and the issuer are running.</summary>
internal static class ThingsToTry
{
    public static void Print(TextWriter output, FakeJwksServer issuer, OrdersApi api)
    {
        var address = api.Address.AbsoluteUri.TrimEnd('/');
        output.WriteLine($"""

            Both run until you press Ctrl+C. Try:

            TOKEN={issuer.CreateToken()}

            curl -i -H "Authorization: Bearer $TOKEN" {address}/orders
            curl -i {address}/orders
            curl {address}/keys
            curl {issuer.JwksUri}

            # rotate: the first token of the new key passes, 10 s after the last fetch
            curl -X POST {address}/issuer/rotate
            TOKEN=$(curl -s {address}/issuer/token)

            # an outage
            curl -X POST {address}/issuer/stop
            curl -X POST {address}/issuer/start
            """);
    }
}
