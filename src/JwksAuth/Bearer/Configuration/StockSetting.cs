using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace JwksAuth.Bearer.Configuration;

/// <summary>What becomes of a setting of stock JwtBearer.</summary>
internal enum StockTreatment
{
    /// <summary>It means what it means with stock.</summary>
    Honoured,

    /// <summary>A scheme that has it set is misconfigured.</summary>
    Mistake,

    /// <summary>It means something else, or nothing: docs/moving-from-addjwtbearer.md says so under "What differs".</summary>
    Listed,
}

/// <summary>A member that applications can set on the options of stock JwtBearer, or on what they hold.</summary>
/// <param name="Owner">The type that has it.</param>
/// <param name="Name">The member.</param>
/// <param name="Treatment">What becomes of it.</param>
internal sealed record StockSetting(Type Owner, string Name, StockTreatment Treatment)
{
    /// <summary>How messages and documentation call it.</summary>
    public string Option => Owner == typeof(JwtBearerOptions) ? Name : $"{Owner.Name}.{Name}";

    /// <summary>For a mistake: whether the options have it set.</summary>
    public Func<JwksBearerOptions, bool>? IsSet { get; init; }

    /// <summary>For a mistake: what is wrong with it and what to do, as the rest of the sentence.</summary>
    public string? Fault { get; init; }
}
