namespace Serverless.Functions.Push;

/// <summary>Which endpoints messages are sent to: only those of known push services, or anybody could make the app call any URL.
/// In Development also this machine.</summary>
public sealed class PushEndpoints(IOptions<PushOptions> options, IHostEnvironment environment)
{
    /// <summary>That of the longest known, those of Windows.</summary>
    public const int MaximumLength = 1024;

    private readonly IReadOnlyList<string> _hosts = options.Value.Hosts;

    internal bool Allow(string endpoint) =>
        endpoint.Length <= MaximumLength && endpoint.All(sign => sign is > ' ' and < '\x7f')
        && Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url is { UserInfo: "", Fragment: "" }
        && (IsOfService(url) || (environment.IsDevelopment() && url is { IsLoopback: true, Scheme: "http" or "https" }));

    private bool IsOfService(Uri url) => url is { Scheme: "https", IsDefaultPort: true }
        && _hosts.Any(host => $".{url.Host}".EndsWith($".{host}", StringComparison.OrdinalIgnoreCase));
}
