using System.Net.Sockets;

namespace EndToEnd.Tests.Hostile;

internal sealed class RawConnection(Uri address) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly byte[] _buffer = new byte[128 * 1024];
    private TcpClient? _client;

    public void Dispose() => _client?.Dispose();

    /// <returns>Null where the server hangs up without an answer, as it may do on what isn't HTTP.</returns>
    public async Task<RawAnswer?> SendAsync(HostileRequest request)
    {
        using var patience = new CancellationTokenSource(LongestWait);
        if (_client is null)
        {
            _client = new TcpClient { NoDelay = true };
            await _client.ConnectAsync(address.Host, address.Port, patience.Token);
        }

        try
        {
            var stream = _client.GetStream();
            await stream.WriteAsync(request.ToBytes(address.Authority), patience.Token);
            var answer = await ReadAsync(stream, request.Method == "HEAD", patience.Token);
            if (answer is null || answer.Closes)
                HangUp();
            return answer;
        }
        catch (IOException)
        {
            HangUp();
            return null;
        }
    }

    private async Task<RawAnswer?> ReadAsync(NetworkStream stream, bool withoutBody, CancellationToken cancellationToken)
    {
        var (read, headEnd) = (0, -1);
        while (headEnd < 0)
        {
            if (!await ReadMoreAsync())
                return null;
            headEnd = _buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
        }

        var lines = Encoding.Latin1.GetString(_buffer, 0, headEnd).Split("\r\n");
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToLookup(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
        var start = headEnd + 4;
        var isChunked = !withoutBody && headers["Transfer-Encoding"].Contains("chunked", StringComparer.OrdinalIgnoreCase);
        var length = withoutBody || isChunked || status is 204 or 304 ? 0 : int.Parse(headers["Content-Length"].SingleOrDefault("0"), CultureInfo.InvariantCulture);
        while (isChunked ? !_buffer.AsSpan(start - 2, read - start + 2).EndsWith("\r\n0\r\n\r\n"u8) : read < start + length)
        {
            if (!await ReadMoreAsync())
                return null;
        }

        var closes = headers["Connection"].Contains("close", StringComparer.OrdinalIgnoreCase);
        var body = isChunked ? Joined(_buffer.AsSpan(start, read - start)) : Encoding.UTF8.GetString(_buffer, start, length);
        return new(status, headers["Content-Type"].FirstOrDefault(), body, closes);

        async Task<bool> ReadMoreAsync()
        {
            var count = await stream.ReadAsync(_buffer.AsMemory(read), cancellationToken);
            read += count;
            return count > 0;
        }
    }

    private static string Joined(ReadOnlySpan<byte> chunks)
    {
        var body = new List<byte>();
        while (true)
        {
            var line = chunks.IndexOf("\r\n"u8);
            var size = int.Parse(chunks[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
                return Encoding.UTF8.GetString([.. body]);
            body.AddRange(chunks.Slice(line + 2, size));
            chunks = chunks[(line + 2 + size + 2)..];
        }
    }

    private void HangUp()
    {
        _client?.Dispose();
        _client = null;
    }
}

internal sealed record RawAnswer(int Status, string? ContentType, string Body, bool Closes)
{
    public string Name => Body.Length > 0 && ContentType?.StartsWith("application/problem+json", StringComparison.Ordinal) == true
        ? $"{Status} {JsonDocument.Parse(Body).RootElement.GetProperty("code")}"
        : $"{Status}";

    /// <summary>What is wrong with the answer; null where nothing is.</summary>
    public string? Fault
    {
        get
        {
            if (Status >= 500)
                return $"{Status} {Body}";
            // What the server itself refuses, it refuses without a body.
            if (Status < 400 || Body.Length == 0)
                return null;
            if (ContentType != "application/problem+json; charset=utf-8")
                return $"{Status} of type {ContentType}";
            using var problem = JsonDocument.Parse(Body);
            return problem.RootElement.TryGetProperty("code", out _) ? null : $"{Status} without a code: {Body}";
        }
    }
}
