namespace JwksAuth;

/// <summary>Finds the application's user for a token. Registered with <c>AddJwksUserResolver</c> and created once per request.</summary>
public interface IJwksUserResolver
{
    /// <summary>Finds a user.</summary>
    /// <param name="request">The user's identifiers in the token.</param>
    /// <returns>The user, or why there is none; the request is then answered with 401.</returns>
    ValueTask<JwksUserResolution> ResolveAsync(JwksUserRequest request, CancellationToken cancellationToken);
}
