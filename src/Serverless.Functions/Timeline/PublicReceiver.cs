using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Serverless.Functions.Timeline;

/// <summary>What the app sends to over HTTP, and somebody else named: at public addresses only, without redirects, and of a response only
/// the headers are read.</summary>
internal static class PublicReceiver
{
    /// <param name="connector">Refuses addresses that aren't public.</param>
    /// <param name="trust">The trusted certificates; null for those of this machine.</param>
    public static SocketsHttpHandler CreateHandler(PublicConnector connector, X509ChainPolicy? trust) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy would connect to any address.
        UseProxy = false,
        ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(context.DnsEndPoint, cancellationToken),
        SslOptions = { CertificateChainPolicy = trust },
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 0,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    };

    public static SendAnswer Answered(SendOutcome outcome, HttpStatusCode status, HttpResponseHeaders headers, TimeProvider clock)
    {
        var after = headers.RetryAfter;
        return new(outcome, $"it answered {(int)status}", after?.Delta ?? (after?.Date - clock.GetUtcNow()));
    }

    public static SendAnswer Unreachable(HttpRequestException exception) => new(
        SendOutcome.Away, exception.GetBaseException() is AddressNotPublicException
            ? "its address is not public" : $"it can't be reached: {exception.HttpRequestError}");
}
