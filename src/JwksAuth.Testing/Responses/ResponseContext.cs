using Microsoft.AspNetCore.Http;

namespace JwksAuth.Testing;

/// <summary>Everything that is needed to write a response.</summary>
/// <param name="UseETag">Whether a regular response has a validator.</param>
/// <param name="Ended">Cancelled when the client disconnects or the server stops.</param>
internal sealed record ResponseContext(
    HttpContext Http, RegularDocument Regular, bool UseETag, TimeProvider Clock, CancellationToken Ended);

internal delegate Task ResponseWriter(ResponseContext context);
