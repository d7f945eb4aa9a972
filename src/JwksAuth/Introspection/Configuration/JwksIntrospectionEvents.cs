namespace JwksAuth;

/// <summary>Events that let an application take part in introspection.</summary>
public class JwksIntrospectionEvents
{
    /// <summary>Called before the token is read, for example to take it from elsewhere than the <c>Authorization</c> header.</summary>
    public Func<JwksIntrospectionMessageReceivedContext, Task> OnMessageReceived { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called for every request with a valid token, for example to add claims to its principal, or to reject it.</summary>
    public Func<JwksIntrospectionTokenValidatedContext, Task> OnTokenValidated { get; set; } = _ => Task.CompletedTask;

    /// <summary>Calls <see cref="OnMessageReceived"/>.</summary>
    /// <param name="context">The request.</param>
    public virtual Task MessageReceived(JwksIntrospectionMessageReceivedContext context) => OnMessageReceived(context);

    /// <summary>Calls <see cref="OnTokenValidated"/>.</summary>
    /// <param name="context">The request and its token's introspection response.</param>
    public virtual Task TokenValidated(JwksIntrospectionTokenValidatedContext context) => OnTokenValidated(context);
}
