using System.Net;
using System.Net.Sockets;
using System.Text;

namespace JwksAuth.Benchmarks;

/// <summary>
/// Sends requests with prepared tokens over a few connections, each as soon as the previous response arrives. Runs in its own process, so that the
/// CPU time of the server's process is only that of the server.
/// </summary>
internal static class LoadGenerator
{
    private const int Connections = 8;

    /// <summary>Arguments: port, path, the expected status, number of requests, a file with one token a line (an empty line sends none).</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var port = int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture);
        var count = int.Parse(arguments[3], System.Globalization.CultureInfo.InvariantCulture);
        var requests = (await File.ReadAllLinesAsync(arguments[4])).Select(token => Request(arguments[1], token)).ToArray();
        var statusLine = Encoding.ASCII.GetBytes($"HTTP/1.1 {arguments[2]} ");
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => SendAsync(port, statusLine, () => Interlocked.Increment(ref next) is var index && index < count ? requests[index % requests.Length] : null)));
        return 0;
    }

    private static byte[] Request(string path, string token)
    {
        var authorization = token.Length == 0 ? "" : $"Authorization: Bearer {token}\r\n";
        return Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n");
    }

    private static async Task SendAsync(int port, byte[] statusLine, Func<byte[]?> next)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[8192];
        while (next() is { } request)
        {
            await socket.SendAsync(request);
            await ReceiveAsync(socket, buffer);
            if (!buffer.AsSpan().StartsWith(statusLine))
                throw new InvalidOperationException("The answer is not the one to be measured.");
        }
    }

    // Reads one response: its head, and a body of a known length or in chunks.
    private static async Task ReceiveAsync(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (!IsWhole(buffer.AsSpan(0, length)))
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (received == 0)
                throw new IOException("The server closed the connection.");
            length += received;
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        if (answer[..head].IndexOf("Transfer-Encoding: chunked"u8) >= 0)
            return answer.EndsWith("0\r\n\r\n"u8);

        var field = answer[..head].IndexOf("Content-Length: "u8);
        var body = field < 0 || !System.Buffers.Text.Utf8Parser.TryParse(answer[(field + 16)..], out int length, out _) ? 0 : length;
        return answer.Length >= head + 4 + body;
    }
}
