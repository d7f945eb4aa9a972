namespace JwksAuth;

/// <summary>Who may see the status beside those whom an authorization policy lets in.</summary>
public sealed class JwksStatusOptions
{
    /// <summary>
    /// Whether callers on the same machine are let in without meeting the policy, so that the status can be seen when the issuer of the operators' own tokens is
    /// down. Default false. Without a policy they are let in anyway.
    /// </summary>
    public bool AllowLocalCallers { get; set; }

    /// <summary>
    /// The port that the status answers on, and on no other: the server must listen on it (<c>Urls</c>, <c>Kestrel:Endpoints</c>). It is the port of the connection, not the
    /// one in the <c>Host</c> header, which a caller chooses. Without a policy it answers every caller who reaches the port, so keep the port off public networks. Default
    /// null: every port, and without a policy only callers on the same machine.
    /// </summary>
    public int? ManagementPort { get; set; }
}
