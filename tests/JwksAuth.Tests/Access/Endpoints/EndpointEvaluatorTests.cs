using JwksAuth.Access.Endpoints;
using JwksAuth.Access.Scopes;
using JwksAuth.Access.StepUp;
using JwksAuth.Responses;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.Tests.Access.Endpoints;

/// <summary>Recording the policies of one endpoint, from the middleware and from the MVC filter.</summary>
public class EndpointEvaluatorTests
{
    private readonly DefaultHttpContext _request = new();

    public EndpointEvaluatorTests() => _request.SetEndpoint(new Endpoint(null, null, "endpoint"));

    [Fact]
    public void The_scopes_of_all_policies_are_named_and_the_last_denial_counts()
    {
        Note(Lacking("read"), new ScopeRequirement(["read"], all: true));
        Assert.Equal("read", EndpointVerdict.Of(_request)!.RequiredScope);

        Note(Lacking("write"), new ScopeRequirement(["write"], all: true));
        Assert.Equal("read write", EndpointVerdict.Of(_request)!.RequiredScope);
        Assert.NotNull(EndpointVerdict.Of(_request)!.Denial);

        Note(PolicyAuthorizationResult.Success(), new AnyRequirement());
        Assert.Equal("read write", EndpointVerdict.Of(_request)!.RequiredScope);
        Assert.Null(EndpointVerdict.Of(_request)!.Denial);
    }

    [Fact]
    public void Of_several_ages_the_shortest_is_required()
    {
        AuthenticationRequirement[] ages = [.. new[] { 300, 60, 120 }.Select(seconds => AuthenticationRequirement.OfAge(TimeSpan.FromSeconds(seconds)))];
        Note(PolicyAuthorizationResult.Forbid(AuthorizationFailure.Failed([.. ages, AuthenticationRequirement.OfContext(["gold", "silver"])])), ages);

        var denial = EndpointVerdict.Of(_request)!.Denial!;
        Assert.Equal((60, "gold silver", false), (denial.MaximumAge, denial.AcrValues, denial.AsksForToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_evaluation_without_a_token_replaces_the_denial_of_an_earlier_one(bool isAdmitted)
    {
        Note(Lacking("read"), new ScopeRequirement(["read"], all: true));
        var services = new ServiceCollection().AddLogging().AddAuthorization().BuildServiceProvider();
        var policy = new AuthorizationPolicyBuilder().RequireAssertion(_ => isAdmitted).Build();

        await new EndpointEvaluator(services.GetRequiredService<IAuthorizationService>()).AuthorizeAsync(policy, AuthenticateResult.NoResult(), _request, _request);

        Assert.Null(EndpointVerdict.Of(_request)!.Denial);
        Assert.Equal("read", EndpointVerdict.Of(_request)!.RequiredScope);
    }

    private static PolicyAuthorizationResult Lacking(string scope) =>
        PolicyAuthorizationResult.Forbid(AuthorizationFailure.Failed([new ScopeRequirement([scope], all: true)]));

    private void Note(PolicyAuthorizationResult result, params IAuthorizationRequirement[] requirements) =>
        EndpointEvaluator.Note(result, new AuthorizationPolicy(requirements, []), _request);

    private sealed class AnyRequirement : IAuthorizationRequirement;
}
