using System.Net;
using Xunit;

namespace Orders.Tests;

public class OrderTests
{
    [Fact]
    public async Task A_token_for_another_api_is_refused()
    {
        await using var api = await OrdersApi.StartAsync();
        using var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", api.Issuer.CreateToken(token => token.WithAudience("billing-api")));

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/orders")).StatusCode);
    }
}
