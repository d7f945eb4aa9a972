using JwksAuth.Foundation.Settings;
using JwksAuth.Keys;

namespace JwksAuth.Issuer.ClientAssertions;

/// <summary>Validates the options; a client's keys are validated on its first assertion.</summary>
internal static class AssertionOptionsValidator
{
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestSkew = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(30);

    private const int MostClients = 100_000;

    public static void Validate(JwksClientAssertionOptions options, OptionFaults faults)
    {
        if (string.IsNullOrEmpty(options.Issuer))
            faults.Add(
                nameof(options.Issuer), null, "is not set: set this server's issuer identifier, the required audience of assertions");
        TextFaults.Find(nameof(options.Issuer), [options.Issuer], faults);
        TextFaults.Find(nameof(options.TokenEndpoint), [options.TokenEndpoint], faults);
        foreach (var name in options.Algorithms.Where(name => !SignatureAlgorithms.TryParse(name, out _)))
            faults.Add(nameof(options.Algorithms), name, $"is not accepted; use one of {string.Join(", ", SignatureAlgorithms.All)}");
        if (options.MaximumClients is < 1 or > MostClients)
            faults.Add(nameof(options.MaximumClients), options.MaximumClients, $"must be between 1 and {MostClients}");
        ValidateTimes(options, faults);
        ValidateClients(options, faults);
    }

    private static void ValidateTimes(JwksClientAssertionOptions options, OptionFaults faults)
    {
        if (options.MaximumLifetime < TimeSpan.FromSeconds(1) || options.MaximumLifetime > LongestLifetime)
            faults.Add(nameof(options.MaximumLifetime), options.MaximumLifetime, $"must be between one second and {LongestLifetime}");
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > LongestSkew)
            faults.Add(nameof(options.ClockSkew), options.ClockSkew, $"must be between zero and {LongestSkew}");
        if (options.RefreshInterval < TimeSpan.FromSeconds(1) || options.RefreshInterval > LongestInterval)
            faults.Add(nameof(options.RefreshInterval), options.RefreshInterval, $"must be between one second and {LongestInterval}");
        if (options.AutomaticRefreshInterval < options.RefreshInterval || options.AutomaticRefreshInterval > LongestInterval)
            faults.Add(
                nameof(options.AutomaticRefreshInterval), options.AutomaticRefreshInterval,
                $"must be between {nameof(options.RefreshInterval)} ({options.RefreshInterval}) and {LongestInterval}");
        if (options.MaximumAge < options.RefreshInterval)
            faults.Add(nameof(options.MaximumAge), options.MaximumAge,
                $"must not be below {nameof(options.RefreshInterval)} ({options.RefreshInterval})");
    }

    private static void ValidateClients(JwksClientAssertionOptions options, OptionFaults faults)
    {
        for (var index = 0; index < options.Clients.Count; index++)
        {
            var option = $"{nameof(options.Clients)}[{index}].{nameof(JwksClient.ClientId)}";
            var clientId = options.Clients[index].ClientId;
            if (clientId.Length is 0 or > AssertionReader.MaximumNameLength)
                faults.Add(option, null, $"must have between 1 and {AssertionReader.MaximumNameLength} characters");
            TextFaults.Find(option, [clientId], faults);
            TextFaults.Find($"{nameof(options.Clients)}[{index}].{nameof(JwksClient.JwksUri)}", [options.Clients[index].JwksUri], faults);
            if (options.Clients.Take(index).Any(other => other.ClientId == clientId))
                faults.Add(option, clientId, "is used more than once");
        }
    }
}
