using System.Text;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Options;
using Serverless.Sessions;
using Serverless.Sessions.Tokens;

namespace Serverless.Functions.Http;

/// <summary>Who sent a request: the device behind it, and the session that its access token proves.</summary>
public sealed class Callers(AccessTokenReader tokens, IOptions<NetworkOptions> network)
{
    private const int MaximumUserAgentLength = 256;
    private const string BearerPrefix = "Bearer ";

    /// <summary>The device behind a request.</summary>
    public ClientInfo ClientOf(HttpRequestData request, string? device = null) => new(
        ClientAddress.Read(request.Header("X-Forwarded-For"), network.Value.TrustedProxyHops),
        Clean(request.Header("User-Agent")),
        device);

    /// <summary>Whether a request carries a bearer token at all.</summary>
    public static bool HasBearer(HttpRequestData request) => BearerOf(request) is not null;

    /// <summary>The access token of a request; either it or the problem is set.</summary>
    internal async ValueTask<(AccessToken? Token, Problem? Problem)> AuthenticateAsync(
        HttpRequestData request, CancellationToken cancellationToken)
    {
        if (BearerOf(request) is not { } text)
            return (null, new Problem(ProblemCode.TokenInvalid, "Send an access token: Authorization: Bearer <token>."));
        var (check, token) = await tokens.ReadAsync(text, cancellationToken).ConfigureAwait(false);
        return check switch
        {
            TokenCheck.Valid => (token, null),
            TokenCheck.Expired => (null, new Problem(ProblemCode.TokenExpired, "Refresh, and send the new access token.")),
            _ => (null, new Problem(ProblemCode.TokenInvalid, "This is no access token of this service.")),
        };
    }

    private static string? BearerOf(HttpRequestData request) =>
        request.Header("Authorization") is { } header && header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? header[BearerPrefix.Length..].Trim()
            : null;

    // A header may hold anything; what is stored and shown again is printable and short.
    private static string? Clean(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
            return null;
        var clean = new StringBuilder(Math.Min(userAgent.Length, MaximumUserAgentLength));
        foreach (var rune in userAgent.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > MaximumUserAgentLength)
                break;
            if (!Rune.IsControl(rune))
                clean.Append(rune);
        }

        return clean.ToString();
    }
}
