using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace JwksAuth.Tests;

/// <summary>Changes a request before the application sees it, as a server or a proxy would.</summary>
internal sealed class Before(Action<HttpContext>? change = null, string? pathBase = null) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        if (pathBase is not null)
            application.UsePathBase(pathBase);
        application.Use(following => context =>
        {
            change?.Invoke(context);
            return following(context);
        });
        next(application);
    };
}
