namespace Serverless.Functions.Http;

/// <summary>Who sent a request: the device behind it, and the session that its access token proves.</summary>
public sealed class Callers(
    AccessTokenReader tokens, CheckSession checkSession, IOptions<NetworkOptions> network, ILogger<Callers> log)
{
    /// <summary>The longest name that a user may give a device.</summary>
    public const int MaximumDeviceLength = 100;

    private const int MaximumUserAgentLength = 256;
    private const string BearerPrefix = "Bearer ";

    private int _unknownAddresses;

    /// <summary>Whether a request since the start passed fewer proxies than <see cref="NetworkOptions.TrustedProxyHops"/>, so that its
    /// caller's address is unknown.</summary>
    public bool MetUnknownAddress => Volatile.Read(ref _unknownAddresses) != 0;

    /// <summary>The device behind a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="device">The user's own name for it; without one it is named after its browser and system.</param>
    public ClientInfo ClientOf(HttpRequestData request, string? device = null)
    {
        // Both may hold anything; what is stored and shown again is printable and short.
        var userAgent = TextSanitizer.Strip(request.Header("User-Agent"), MaximumUserAgentLength);
        return new(
            AddressOf(request),
            userAgent,
            TextSanitizer.Strip(device, MaximumDeviceLength) ?? DeviceName.Of(userAgent, request.Header("Sec-CH-UA"), request.Header("Sec-CH-UA-Platform")));
    }

    /// <summary>Whether a request carries a bearer token at all.</summary>
    internal static bool HasBearer(HttpRequestData request) => BearerOf(request) is not null;

    /// <summary>The access token of a request.</summary>
    /// <exception cref="ProblemException">It has none that is valid.</exception>
    internal async ValueTask<AccessToken> AuthenticateAsync(HttpRequestData request, CancellationToken cancellationToken)
    {
        var text = BearerOf(request) ?? throw new ProblemException(ProblemCode.TokenInvalid, "Send an access token: Authorization: Bearer <token>.");
        // Tokens contain no comma, so a comma means that the host joined several headers.
        if (text.Contains(',', StringComparison.Ordinal))
            throw new ProblemException(ProblemCode.InvalidRequest, "Authorization is sent several times, with different values.");
        return await tokens.ReadAsync(text, cancellationToken) switch
        {
            (TokenCheck.Valid, { } token) => token,
            (TokenCheck.Expired, _) => throw new ProblemException(ProblemCode.TokenExpired, "Refresh, and send the new access token."),
            _ => throw new ProblemException(ProblemCode.TokenInvalid, "The access token is not valid."),
        };
    }

    /// <summary>The session of an access token.</summary>
    /// <exception cref="ProblemException">It is over.</exception>
    internal async ValueTask<Session> CheckSessionAsync(AccessToken token, CancellationToken cancellationToken) =>
        await checkSession.ExecuteAsync(token.UserId, token.SessionId, cancellationToken) switch
        {
            CheckSessionResult.Good good => good.Session,
            CheckSessionResult.Ended over => throw new ProblemException(Problem.SessionEnded(over.Reason)),
            _ => throw new InvalidOperationException("A result without an answer."),
        };

    private string AddressOf(HttpRequestData request)
    {
        if (ClientAddress.Read(request.Header("X-Forwarded-For"), network.Value.TrustedProxyHops) is { } address)
            return address;
        // Once, since every request would say the same.
        if (Interlocked.Exchange(ref _unknownAddresses, 1) == 0)
            log.AddressUnknown(network.Value.TrustedProxyHops);
        return IpAddressGroup.Unknown;
    }

    private static string? BearerOf(HttpRequestData request) => request.SingleHeader("Authorization") switch
    {
        // Several headers, one of which is a bearer's.
        { } header when header.Contains(',', StringComparison.Ordinal) && header.Contains(BearerPrefix, StringComparison.OrdinalIgnoreCase) => header,
        { } header when header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) => header[BearerPrefix.Length..].Trim(),
        _ => null,
    };
}
