using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace JwksAuth.Bearer.Configuration;

/// <summary>How this package treats a setting of stock JwtBearer.</summary>
internal enum StockTreatment
{
    Honoured,

    Mistake,

    /// <summary>It has another meaning or no effect; listed in docs/moving-from-addjwtbearer.md under "Intended differences".</summary>
    Listed,
}

/// <summary>A member that applications can set on the options of stock JwtBearer, or on an object in them.</summary>
internal sealed record StockSetting(Type Owner, string Name, StockTreatment Treatment)
{
    public string Option => Owner == typeof(JwtBearerOptions) ? Name : $"{Owner.Name}.{Name}";

    /// <summary>For a mistake: whether the options set it.</summary>
    public Func<JwksBearerOptions, bool>? IsSet { get; init; }

    /// <summary>For a mistake: what is wrong with it and what to do, as the rest of the sentence.</summary>
    public string? Fault { get; init; }

    public static IEnumerable<StockSetting> Of<T>(StockTreatment treatment, params IEnumerable<string> names) =>
        names.Select(name => new StockSetting(typeof(T), name, treatment));

    public static StockSetting Mistake<T>(string name, Func<JwksBearerOptions, bool> isSet, string fault) =>
        new(typeof(T), name, StockTreatment.Mistake) { IsSet = isSet, Fault = fault };
}
