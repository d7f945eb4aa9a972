using JwksAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace JwksAuth.DocumentationTests.Snippets;

/// <summary>What code in the documentation may use without declaring it. Snippets are compiled, never run.</summary>
public abstract class SnippetContext
{
    protected string[] args { get; } = [];

    protected WebApplicationBuilder builder { get; } = null!;

    protected IServiceCollection services { get; } = null!;

    protected WebApplication app { get; } = null!;

    protected FakeJwksServer issuer { get; } = null!;

    protected HttpClient client { get; } = null!;
}
