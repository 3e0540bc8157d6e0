using System.Security.Cryptography.X509Certificates;
using Lib.Net.Http.WebPush.Authentication;
using WebPush = Lib.Net.Http.WebPush;

namespace Serverless.Functions.Push;

/// <summary>The connections to push services: to public addresses only, without redirects, and of a response only the headers are
/// read.</summary>
internal sealed class PushServices : IDisposable
{
    private readonly string _subject;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private readonly WebPush.PushServiceClient _client;

    public PushServices(string subject, TimeProvider clock, PublicConnector connector, X509ChainPolicy? trust)
    {
        (_subject, _clock) = (subject, clock);
        _http = new(new HeadersOnly(PublicReceiver.CreateHandler(connector, trust)));
        // The outbox retries.
        _client = new(_http) { AutoRetryAfter = false };
    }

    public void Dispose() => _http.Dispose();

    public async Task<SendAnswer> SendAsync(
        PushSubscription subscription, PushMessageBody message, TimeSpan keptFor, PushKey key, CancellationToken cancellationToken)
    {
        // Not shared: signing isn't documented to be thread-safe.
        using var authentication = new VapidAuthentication(key.PublicText, key.PrivateText) { Subject = _subject };
        var receiver = new WebPush.PushSubscription { Endpoint = subscription.Endpoint };
        receiver.SetKey(WebPush.PushEncryptionKeyName.P256DH, subscription.Key);
        receiver.SetKey(WebPush.PushEncryptionKeyName.Auth, subscription.Secret);
        var sent = new WebPush.PushMessage(JsonSerializer.Serialize(message, WireJson.Default.PushMessageBody))
        {
            TimeToLive = Math.Max(0, (int)keptFor.TotalSeconds),
            // Also to a device that saves power.
            Urgency = WebPush.PushMessageUrgency.High,
        };
        try
        {
            await _client.RequestPushMessageDeliveryAsync(receiver, sent, authentication, cancellationToken);
            return new(SendOutcome.Sent, "it was accepted");
        }
        catch (WebPush.PushServiceClientException exception)
        {
            return PublicReceiver.Answered(OutcomeOf(exception.StatusCode), exception.StatusCode, exception.Headers, _clock);
        }
        catch (HttpRequestException exception)
        {
            return PublicReceiver.Unreachable(exception);
        }
    }

    // A service that answers holds up no other, so nothing here is Away. 404 and 410 are for good (RFC 8030, 7.3).
    private static SendOutcome OutcomeOf(HttpStatusCode status) => status switch
    {
        >= (HttpStatusCode)200 and < (HttpStatusCode)300 => SendOutcome.Sent,
        HttpStatusCode.NotFound or HttpStatusCode.Gone => SendOutcome.Refused,
        _ => SendOutcome.Failed,
    };

    // The library would read the body of an error, however long it is or takes.
    private sealed class HeadersOnly(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.Content.Dispose();
            response.Content = new ByteArrayContent([]);
            return response;
        }
    }
}
