using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Login;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Text;
using Serverless.Sessions.Tokens;

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
    public static bool HasBearer(HttpRequestData request) => BearerOf(request) is not (null, null);

    /// <summary>The access token of a request; either it or the problem is set.</summary>
    internal async ValueTask<(AccessToken? Token, Problem? Problem)> AuthenticateAsync(
        HttpRequestData request, CancellationToken cancellationToken)
    {
        var (text, problem) = BearerOf(request);
        if (text is null)
            return (null, problem ?? new Problem(ProblemCode.TokenInvalid, "Send an access token: Authorization: Bearer <token>."));
        var (check, token) = await tokens.ReadAsync(text, cancellationToken);
        return check switch
        {
            TokenCheck.Valid => (token, null),
            TokenCheck.Expired => (null, new Problem(ProblemCode.TokenExpired, "Refresh, and send the new access token.")),
            _ => (null, new Problem(ProblemCode.TokenInvalid, "The access token is not valid.")),
        };
    }

    /// <summary>The access token of a request and its session, which is good; either both or the problem is set.</summary>
    internal async ValueTask<(AccessToken? Token, Session? Session, Problem? Problem)> AuthorizeAsync(
        HttpRequestData request, CancellationToken cancellationToken)
    {
        var (token, problem) = await AuthenticateAsync(request, cancellationToken);
        if (token is null)
            return (null, null, problem);
        return await checkSession.ExecuteAsync(token.UserId, token.SessionId, cancellationToken) switch
        {
            CheckSessionResult.Good good => (token, good.Session, null),
            CheckSessionResult.Ended over => (null, null, Problem.SessionEnded(over.Reason)),
            _ => throw new InvalidOperationException("A result without an answer."),
        };
    }

    /// <summary>The session of an administrator; either it or the problem is set.</summary>
    internal async ValueTask<(Session? Session, Problem? Problem)> AuthorizeAdminAsync(
        HttpRequestData request, CancellationToken cancellationToken)
    {
        var (_, session, problem) = await AuthorizeAsync(request, cancellationToken);
        // The roles of the session, not of the token: a role that was taken away is gone at once.
        return session?.Roles.Contains(Roles.Admin) == false
            ? (null, Problem.NoAdministrator())
            : (session, problem);
    }

    private string AddressOf(HttpRequestData request)
    {
        if (ClientAddress.Read(request.Header("X-Forwarded-For"), network.Value.TrustedProxyHops) is { } address)
            return address;
        // Once, since every request would say the same.
        if (Interlocked.Exchange(ref _unknownAddresses, 1) == 0)
            log.AddressUnknown(network.Value.TrustedProxyHops);
        return IpAddressGroup.Unknown;
    }

    // (null, null) without a bearer header. Tokens contain no comma, so a comma means that the host joined several headers.
    private static (string? Token, Problem? Problem) BearerOf(HttpRequestData request) => request.SingleHeader("Authorization") switch
    {
        { } header when header.Contains(',', StringComparison.Ordinal) && header.Contains(BearerPrefix, StringComparison.OrdinalIgnoreCase) =>
            (null, new(ProblemCode.InvalidRequest, "Authorization is sent several times, with different values.")),
        { } header when header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) => (header[BearerPrefix.Length..].Trim(), null),
        _ => (null, null),
    };
}
