namespace JwksAuth;

/// <summary>Admits callers to the status besides those that the authorization policy admits.</summary>
public sealed class JwksStatusOptions
{
    /// <summary>
    /// Whether callers on the same machine need not meet the policy, so that operators can see the status while the issuer of their own
    /// tokens is down. Default false. Without a policy, local callers are always admitted.
    /// </summary>
    public bool AllowLocalCallers { get; set; }

    /// <summary>
    /// The only port on which the status answers; the server must listen on it (<c>Urls</c>, <c>Kestrel:Endpoints</c>). This is the port of
    /// the connection, not of the <c>Host</c> header, which the caller chooses. Without a policy, everyone who reaches the port can read
    /// the status: keep it off public networks. Default null: any port, and without a policy only callers on the same machine.
    /// </summary>
    public int? ManagementPort { get; set; }
}
