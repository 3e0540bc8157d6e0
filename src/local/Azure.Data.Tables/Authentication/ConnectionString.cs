namespace Azure.Data.Tables;

/// <summary>What a storage connection string says about tables: where they are, whose they are, and the key.</summary>
internal sealed record ConnectionString(Uri Endpoint, string AccountName, TableSharedKeyCredential Credential)
{
    // Public knowledge, the same in every emulator
    // (https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key).
    private const string DevelopmentAccount = "devstoreaccount1";
    private const string DevelopmentKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const int DevelopmentPort = 10002;

    /// <exception cref="ArgumentException">The string is empty, or necessary segments are missing.</exception>
    /// <exception cref="InvalidOperationException">A segment isn't <c>key=value</c>, or comes twice.</exception>
    /// <exception cref="FormatException">The account key isn't Base64.</exception>
    public static ConnectionString Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var segments = Segments(text);

        if (segments.GetValueOrDefault("UseDevelopmentStorage") == "true")
            return Development(segments.GetValueOrDefault("DevelopmentStorageProxyUri"));

        if (!segments.TryGetValue("AccountName", out var name) || !segments.TryGetValue("AccountKey", out var key))
            throw Incomplete();

        Uri endpoint;
        if (segments.TryGetValue("TableEndpoint", out var explicitEndpoint))
            endpoint = new Uri(explicitEndpoint);
        else if (segments.TryGetValue("EndpointSuffix", out var suffix))
            endpoint = new Uri($"{segments.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{name}.table.{suffix}");
        else
            throw Incomplete();

        return new ConnectionString(endpoint, name, new TableSharedKeyCredential(name, key));
    }

    private static ConnectionString Development(string? proxy)
    {
        var host = proxy is null ? new UriBuilder("http", "127.0.0.1") : new UriBuilder(proxy);
        var endpoint = new UriBuilder(host.Scheme, host.Host, DevelopmentPort, DevelopmentAccount).Uri;
        var credential = new TableSharedKeyCredential(DevelopmentAccount, DevelopmentKey);
        return new ConnectionString(endpoint, DevelopmentAccount, credential);
    }

    private static Dictionary<string, string> Segments(string text)
    {
        var segments = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var segment in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var separator = segment.IndexOf('=', StringComparison.Ordinal);
            if (separator <= 0 || separator == segment.Length - 1)
                throw new InvalidOperationException("Connection string has a keyword or a value that is empty.");
            if (!segments.TryAdd(segment[..separator].TrimEnd(), segment[(separator + 1)..].TrimStart()))
                throw new InvalidOperationException($"Duplicate keyword '{segment[..separator]}' in connection string.");
        }

        return segments;
    }

    private static ArgumentException Incomplete() => new("Connection string parsing error");
}
