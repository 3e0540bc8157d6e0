using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Serverless.Functions.Timeline;

/// <summary>Sends security events by the rules of Standard Webhooks: signed, with the event's id for deduplication, accepted by any 2xx.
/// Only over https and to public addresses; redirects are not followed.</summary>
/// <param name="trust">The trusted certificates; null for those of this machine.</param>
internal sealed class SecurityWebhook(
    IOptions<SecurityWebhookOptions> options, TimeProvider clock, PublicConnector connector, X509ChainPolicy? trust = null)
    : IWebhook, IDisposable
{
    private readonly SecurityWebhookOptions _options = options.Value;
    private readonly byte[] _key =
        options.Value.ReadSecret() ?? throw new InvalidOperationException("The settings were not checked.");

    private readonly HttpClient _http = new(PublicReceiver.CreateHandler(connector, trust)) { Timeout = TimeSpan.FromSeconds(10) };

    public int MaximumAttempts => _options.MaximumAttempts;

    internal TimeSpan Timeout
    {
        get => _http.Timeout;
        init => _http.Timeout = value;
    }

    public void Dispose() => _http.Dispose();

    public async Task<SendAnswer> SendAsync(SecurityEvent securityEvent, CancellationToken cancellationToken)
    {
        using var request = Write(securityEvent);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return PublicReceiver.Answered(OutcomeOf(response.StatusCode), response.StatusCode, response.Headers, clock);
        }
        catch (HttpRequestException exception)
        {
            return PublicReceiver.Unreachable(exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(SendOutcome.Away, "it didn't answer in time");
        }
    }

    // With 410 a receiver asks for no further events.
    private static SendOutcome OutcomeOf(HttpStatusCode status) => status switch
    {
        >= (HttpStatusCode)200 and < (HttpStatusCode)300 => SendOutcome.Sent,
        HttpStatusCode.Gone => SendOutcome.Refused,
        HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => SendOutcome.Away,
        _ => SendOutcome.Failed,
    };

    private HttpRequestMessage Write(SecurityEvent sent)
    {
        var json = new SecurityWebhookBody($"security.{sent.Kind}", sent.At, SecurityEventBody.Of(sent with { Delivery = null }));
        var body = JsonSerializer.SerializeToUtf8Bytes(json, WireJson.Default.SecurityWebhookBody);
        var (id, timestamp) = (sent.Id.ToString("N"), clock.GetUtcNow().ToUnixTimeSeconds());
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, _options.Url) { Content = content };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Of(_key, id, timestamp, body));
        return request;
    }
}

internal sealed record SecurityWebhookBody(
    [Description("`security.` followed by the kind.")] string Type,
    [Description("When it happened.")] DateTimeOffset Timestamp,
    SecurityEventBody Data);

/// <summary>The signature of Standard Webhooks: HMAC-SHA256 over id, timestamp and body
/// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).</summary>
internal static class WebhookSignature
{
    /// <param name="key">The secret without its prefix, decoded.</param>
    /// <param name="timestamp">Unix seconds.</param>
    public static string Of(ReadOnlySpan<byte> key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, [.. head, .. body]))}";
    }
}

public sealed class SecurityWebhookOptions : IValidatableObject
{
    private const string SecretPrefix = "whsec_";

    [Setting("the URL that security events are sent to; its host must have public addresses only",
        "your own system, or a service you use, should receive them"), HttpsUrl, Sensitive]
    public string Url { get; set; } = "";

    [Setting("the secret that the receiver verifies signatures with", "there is a URL: then it must be set")]
    [RegularExpression("^(whsec_[A-Za-z0-9+/]{32,86}={0,2})?$",
        ErrorMessage = "{0} must be whsec_ and the base64 of 24 to 64 bytes"), Sensitive]
    public string Secret { get; set; } = "";

    [Setting("how many times an event is sent before it becomes a dead letter; the delays grow from a minute to a day",
        "a receiver may be down for longer than two days"), Range(1, 20)]
    public int MaximumAttempts { get; set; } = 10;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url.Length > 0 && ReadSecret() is null)
        {
            yield return new(
                $"SecurityWebhook__{nameof(Secret)} must be {SecretPrefix} and the base64 of 24 to 64 bytes, "
                + $"since SecurityWebhook__{nameof(Url)} is set, but is {(Secret.Length == 0 ? "not" : "something else")}.");
        }
    }

    internal byte[]? ReadSecret()
    {
        var bytes = new byte[64];
        return Secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(Secret[SecretPrefix.Length..], bytes, out var length) && length >= 24
            ? bytes[..length] : null;
    }
}
