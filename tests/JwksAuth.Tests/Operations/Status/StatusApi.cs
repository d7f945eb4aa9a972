using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Operations.Status;

/// <summary>An API with its status at <c>/_jwks</c>; a header sets the remote address of a caller.</summary>
internal static class StatusApi
{
    private const string AddressHeader = "Test-Address";

    public static Task<TestApi> StartAsync(
        FakeJwksServer issuer, Action<IEndpointConventionBuilder>? configure = null, Action<WebApplication>? map = null, Action<JwksStatusOptions>? options = null, Action<IServiceCollection>? services = null) => TestApi.StartAsync(
        collection =>
        {
            collection.AddAuthentication().AddJwksBearer();
            collection.TrustFakeJwksServer(issuer);
            collection.AddAuthorizationBuilder().AddPolicy("operators", policy => policy.RequireClaim("on_call"));
            services?.Invoke(collection);
        },
        new TestApiSettings
        {
            Map = application =>
            {
                Map(application, configure, options);
                map?.Invoke(application);
            },
        });

    public static void Map(WebApplication application, Action<IEndpointConventionBuilder>? configure = null, Action<JwksStatusOptions>? options = null)
    {
        application.Use((context, next) =>
        {
            if (context.Request.Headers.Remove(AddressHeader, out var address))
                context.Connection.RemoteIpAddress = IPAddress.Parse(address.ToString());
            return next(context);
        });
        var status = application.MapJwksStatus(configure: options);
        configure?.Invoke(status);
    }

    /// <summary>Sends a request, by default from <c>127.0.0.1</c>. Null is an address that the server does not know.</summary>
    public static async Task<HttpResponseMessage> AskAsync(
        this TestApi api, HttpMethod method, string path, string? accept = null, string? address = "127.0.0.1", Action<HttpRequestMessage>? configure = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (address is not null)
            request.Headers.Add(AddressHeader, address);
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        configure?.Invoke(request);
        return await api.Client.SendAsync(request);
    }

    public static async Task<JsonElement> ReadStatusAsync(this TestApi api)
    {
        using var response = await api.AskAsync(HttpMethod.Get, "/_jwks");
        return await ReadJsonAsync(response);
    }

    public static async Task<string> ReadPageAsync(this TestApi api)
    {
        using var response = await api.AskAsync(HttpMethod.Get, "/_jwks", "text/html");
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync();
    }

    public static async Task<JsonElement> RefreshAsync(this TestApi api, string? issuer = null)
    {
        using var response = await api.AskAsync(HttpMethod.Post, "/_jwks/refresh" + (issuer is null ? "" : $"?issuer={Uri.EscapeDataString(issuer)}"));
        return await ReadJsonAsync(response);
    }

    public static void Authorize(this HttpRequestMessage request, string token) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

    public static string[] Strings(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    private static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return document.RootElement.Clone();
    }
}
