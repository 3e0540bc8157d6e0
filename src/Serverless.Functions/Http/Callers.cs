namespace Serverless.Functions.Http;

public sealed class Callers(
    AccessTokenReader tokens, CheckSession checkSession, ILocationSource locations, IOptions<NetworkOptions> network,
    IOptions<LocationOptions> locationOptions, ILogger<Callers> log)
{
    public const int MaximumDeviceLength = 100;

    private const int MaximumUserAgentLength = 256;
    private const string BearerPrefix = "Bearer ";

    private readonly IPNetwork[] _knownNetworks = NetworksAttribute.Read(locationOptions.Value.KnownNetworks);
    private int _unknownAddresses;

    /// <summary>Whether a request since the start came through too few proxies, which leaves its address unknown.</summary>
    public bool MetUnknownAddress => Volatile.Read(ref _unknownAddresses) != 0;

    /// <param name="device">The user's own name for the device; null derives one from its browser and system.</param>
    public ClientInfo ClientOf(HttpRequestData request, string? device = null)
    {
        // Both are untrusted; what is stored and shown is short and printable.
        var userAgent = TextSanitizer.Strip(request.Header("User-Agent"), MaximumUserAgentLength);
        var address = AddressOf(request);
        return new(
            address,
            userAgent,
            TextSanitizer.Strip(device, MaximumDeviceLength)
                ?? DeviceName.Of(userAgent, request.Header("Sec-CH-UA"), request.Header("Sec-CH-UA-Platform")))
        {
            Language = LanguageOf(request),
            Location = LocationOf(address),
        };
    }

    /// <summary>The primary tag of the first language of the header; null if there is none.</summary>
    internal static string? LanguageOf(HttpRequestData request)
    {
        var tag = request.Header("Accept-Language")?.Split(',', ';', '-')[0].Trim();
        return tag is { Length: 2 or 3 } && tag.All(char.IsAsciiLetter) ? tag.ToLowerInvariant() : null;
    }

    internal static bool HasBearer(HttpRequestData request) => BearerOf(request) is not null;

    internal async ValueTask<AccessToken> AuthenticateAsync(HttpRequestData request, CancellationToken cancellationToken)
    {
        var text = BearerOf(request)
            ?? throw new ProblemException(ProblemCode.TokenInvalid, "Send an access token: Authorization: Bearer <token>.");
        // Tokens contain no comma, so a comma means that the host joined several headers.
        if (text.Contains(',', StringComparison.Ordinal))
            throw new ProblemException(ProblemCode.InvalidRequest, "Authorization is repeated with different values.");
        return await tokens.ReadAsync(text, cancellationToken) switch
        {
            (TokenCheck.Valid, { } token) => token,
            (TokenCheck.Expired, _) => throw new ProblemException(ProblemCode.TokenExpired, "Refresh, and send the new access token."),
            _ => throw new ProblemException(ProblemCode.TokenInvalid, "The access token is not valid."),
        };
    }

    internal async ValueTask<Session> CheckSessionAsync(AccessToken token, CancellationToken cancellationToken) =>
        await checkSession.ExecuteAsync(token.UserId, token.SessionId, cancellationToken) switch
        {
            CheckSessionResult.Valid valid => valid.Session,
            CheckSessionResult.Ended over => throw new ProblemException(Problem.SessionEnded(over.Reason)),
            _ => throw new UnreachableException(),
        };

    // Known networks have none, so that nothing is concluded from them, neither as the present place nor as the previous one.
    private Location? LocationOf(string address) =>
        IPAddress.TryParse(address, out var ip) && !Array.Exists(_knownNetworks, network => network.Contains(ip))
            ? locations.Find(address)?.At(locationOptions.Value.Precision) : null;

    private string AddressOf(HttpRequestData request)
    {
        if (ClientAddress.Read(request.Header("X-Forwarded-For"), network.Value.TrustedProxyHops) is { } address)
            return address;
        // Once, since every request would log the same.
        if (Interlocked.Exchange(ref _unknownAddresses, 1) == 0)
            log.AddressUnknown(network.Value.TrustedProxyHops);
        return IpAddressGroup.Unknown;
    }

    private static string? BearerOf(HttpRequestData request) => request.SingleHeader("Authorization") switch
    {
        // Several headers, one of them with a bearer token.
        { } header when header.Contains(',', StringComparison.Ordinal)
            && header.Contains(BearerPrefix, StringComparison.OrdinalIgnoreCase) => header,
        { } header when header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) => header[BearerPrefix.Length..].Trim(),
        _ => null,
    };
}
