namespace JwksAuth;

/// <summary>Why keys were fetched.</summary>
public enum JwksFetchReason
{
    /// <summary>The host started, or the options changed.</summary>
    Start,

    /// <summary>The background refresh was due.</summary>
    Schedule,

    /// <summary>A token named a key that was not in memory.</summary>
    Token,

    /// <summary>An operator requested it.</summary>
    Operator,
}
