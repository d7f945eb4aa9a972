namespace JwksAuth;

/// <summary>Where an application can take part in introspection.</summary>
public class JwksIntrospectionEvents
{
    /// <summary>Called before the token is read: it may be taken from elsewhere than the <c>Authorization</c> header. Default: does nothing.</summary>
    public Func<JwksIntrospectionMessageReceivedContext, Task> OnMessageReceived { get; set; } = _ => Task.CompletedTask;

    /// <summary>
    /// Called for every request with a good token: claims may be added to its own copy of the principal, and the token be refused. Default: does
    /// nothing.
    /// </summary>
    public Func<JwksIntrospectionTokenValidatedContext, Task> OnTokenValidated { get; set; } = _ => Task.CompletedTask;

    /// <summary>Calls <see cref="OnMessageReceived"/>.</summary>
    /// <param name="context">The request.</param>
    public virtual Task MessageReceived(JwksIntrospectionMessageReceivedContext context) => OnMessageReceived(context);

    /// <summary>Calls <see cref="OnTokenValidated"/>.</summary>
    /// <param name="context">The request and what is known of its token.</param>
    public virtual Task TokenValidated(JwksIntrospectionTokenValidatedContext context) => OnTokenValidated(context);
}
