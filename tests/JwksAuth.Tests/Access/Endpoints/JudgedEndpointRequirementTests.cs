using System.Security.Claims;
using JwksAuth.Access.Endpoints;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Routing;

namespace JwksAuth.Tests.Access.Endpoints;

/// <summary>A satisfied AllowAccessTokens counts only for its own endpoint.</summary>
public class JudgedEndpointRequirementTests
{
    private readonly Endpoint _opened = new(null, null, "opened"), _other = new(null, null, "other");
    private readonly DefaultHttpContext _request = new();

    [Fact]
    public async Task A_filter_is_satisfied_only_by_its_own_endpoint()
    {
        var filter = new AuthorizationFilterContext(new ActionContext(_request, new RouteData(), new ActionDescriptor()), []);

        Assert.False(await IsMetAsync(filter));
        _request.SetEndpoint(_opened);
        Assert.False(await IsMetAsync(filter));
        _request.Features.Set(new MetOpening(_opened));
        Assert.True(await IsMetAsync(filter));
        _request.SetEndpoint(_other);
        Assert.False(await IsMetAsync(filter));
    }

    [Fact]
    public async Task A_request_without_an_endpoint_is_not_open()
    {
        var filter = new AuthorizationFilterContext(new ActionContext(_request, new RouteData(), new ActionDescriptor()), []);
        _request.Features.Set(new MetOpening(null));

        Assert.False(await IsMetAsync(filter));
    }

    [Fact]
    public async Task The_attribute_judges_only_requests()
    {
        Assert.True(await IsMetAsync(_request));
        Assert.False(await IsMetAsync(null));
        Assert.False(await IsMetAsync("a method of a hub"));
    }

    private static async Task<bool> IsMetAsync(object? resource)
    {
        var requirement = new JudgedEndpointRequirement();
        var context = new AuthorizationHandlerContext([requirement], new ClaimsPrincipal(), resource);
        await requirement.HandleAsync(context);
        return context.HasSucceeded;
    }
}
