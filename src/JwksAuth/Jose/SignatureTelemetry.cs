using System.Diagnostics.Metrics;

namespace JwksAuth.Jose;

internal sealed class SignatureTelemetry(Counter<long> checks, string scheme)
{
    /// <param name="algorithm">A fixed algorithm name, never text of a token.</param>
    /// <param name="isVerified">Whether another key verified the token.</param>
    public void Checked(string algorithm, int failed, bool isVerified)
    {
        if (!checks.Enabled)
            return;
        if (failed > 0)
            Add(failed, algorithm, "failed");
        if (isVerified)
            Add(1, algorithm, "verified");
    }

    private void Add(int count, string algorithm, string outcome) =>
        checks.Add(count, new(JwksTagNames.Scheme, scheme), new(JwksTagNames.Algorithm, algorithm), new(JwksTagNames.Outcome, outcome));
}
