using JwksAuth.Introspection.Answers;
using JwksAuth.Introspection.Telemetry;
using JwksAuth.Requests;

namespace JwksAuth.Introspection.Cache;

/// <summary>Introspects a token: from the cache, or with one request to the authorization server for all concurrent callers.</summary>
internal sealed class Introspector(IntrospectionCall call, VerdictCache cache, int maximumTokenLength, IntrospectionReport report)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TokenHash, Task<IntrospectionVerdict>> _flights = [];

    public async ValueTask<IntrospectionVerdict> IntrospectAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > maximumTokenLength)
            return IntrospectionFailure.TooLong;
        if (!AuthorizationHeader.IsWellFormed(token) || !TokenHash.TryCompute(token, out var hash))
            return IntrospectionFailure.Malformed;

        var known = cache.Find(hash);
        report.Asked(known is not null);
        return known ?? await JoinFlight(hash, token).WaitAsync(cancellationToken);
    }

    private Task<IntrospectionVerdict> JoinFlight(TokenHash hash, string token)
    {
        lock (_gate)
        {
            if (_flights.TryGetValue(hash, out var flight))
                return flight;
            if (cache.Find(hash) is { } justFound)
                return Task.FromResult(justFound);

            // The introspection may outlive the request that started it.
            using (ExecutionContext.SuppressFlow())
                return _flights[hash] = Task.Run(() => FlyAsync(hash, token), CancellationToken.None);
        }
    }

    private async Task<IntrospectionVerdict> FlyAsync(TokenHash hash, string token)
    {
        try
        {
            var verdict = await call.AskAsync(token);
            report.Answered(verdict.Outcome, verdict.IsActive);
            if (verdict.IsActive || !verdict.Failure.Value.IsOurs())
                report.Judged();
            cache.Add(hash, verdict);
            return verdict;
        }
        finally
        {
            lock (_gate)
                _flights.Remove(hash);
        }
    }
}
