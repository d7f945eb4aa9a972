namespace JwksAuth;

/// <summary>A user of the application, or why there is none.</summary>
public sealed class JwksUserResolution
{
    private JwksUserResolution(object? user) => User = user;

    /// <summary>The application does not know the user.</summary>
    public static JwksUserResolution Unknown { get; } = new(null);

    /// <summary>The application knows the user but denies access.</summary>
    public static JwksUserResolution Disabled { get; } = new(null);

    /// <summary>The user; null if there is none.</summary>
    public object? User { get; }

    /// <summary>The user was found.</summary>
    /// <param name="user">Returned by <c>HttpContext.GetJwksUser</c>. Concurrent requests share a cached user.</param>
    public static JwksUserResolution Found(object user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new JwksUserResolution(user);
    }
}
