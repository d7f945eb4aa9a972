namespace JwksAuth;

/// <summary>Finds the application's user that a token speaks of. Registered by <c>AddJwksUserResolver</c>; made once per request.</summary>
public interface IJwksUserResolver
{
    /// <summary>Finds a user.</summary>
    /// <param name="request">What the token says.</param>
    /// <param name="cancellationToken">Set when the caller gives up.</param>
    /// <returns>The user, or why there is none; the request is then answered with 401.</returns>
    ValueTask<JwksUserResolution> ResolveAsync(JwksUserRequest request, CancellationToken cancellationToken);
}
