using System.Globalization;

namespace JwksAuth.Benchmarks;

/// <summary>How much the heap grows with a million distinct tokens, junk and valid, and with more repeated ones than the cache holds.</summary>
internal static class MemoryBound
{
    public static async Task<int> RunAsync(bool isShort)
    {
        var count = isShort ? 50_000 : 1_000_000;
        await using var issuer = await TokenFactory.StartIssuerAsync("ES256");
        await using var validators = await Validators.CreateAsync(issuer);

        await ReportAsync("junk", count, () => TokenFactory.BogusKeyId(issuer), validators);
        await ReportAsync("valid", count, () => TokenFactory.Good(issuer), validators);
        await ReportAsync("repeated", count / 50, () => TokenFactory.Good(issuer), validators, uses: 3);
        Console.WriteLine($"Tokens remembered at the end: {validators.Plan.Cache!.Count}");
        return 0;
    }

    private static async Task ReportAsync(string kind, int count, Func<string> create, Validators validators, int uses = 1)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var index = 0; index < count; index++)
        {
            var token = create();
            for (var use = 0; use < uses; use++)
                await validators.JwksAsync(token);
        }

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} distinct {kind} tokens: the heap grew by {grown / 1024.0:N0} KiB"));
    }
}
