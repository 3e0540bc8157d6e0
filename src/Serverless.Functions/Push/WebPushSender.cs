using System.Security.Cryptography.X509Certificates;

namespace Serverless.Functions.Push;

/// <summary>Sends to the push services of browsers (RFC 8030), encrypted for the browser (RFC 8291), with this app's key (RFC
/// 8292).</summary>
/// <param name="trust">The trusted certificates; null for those of this machine.</param>
internal sealed class WebPushSender(
    IOptions<PushOptions> options, KeyRingSource keys, PushEndpoints endpoints, TimeProvider clock, PublicConnector connector,
    X509ChainPolicy? trust = null) : IPushSender, IDisposable
{
    // Made for the first message, not for the first login.
    private readonly Lazy<PushServices> _services = new(() => new(options.Value.Subject, clock, connector, trust));

    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public async Task<SendAnswer> SendAsync(
        PushSubscription subscription, PushMessage message, TimeSpan keptFor, CancellationToken cancellationToken)
    {
        // The setting may have changed since it was accepted.
        if (!endpoints.Allow(subscription.Endpoint))
            return new(SendOutcome.Refused, "its host is not allowed");
        var key = await keys.GetPushKeyAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            return await _services.Value.SendAsync(subscription, PushMessageBody.Of(message), keptFor, key, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(SendOutcome.Away, "it didn't answer in time");
        }
    }

    public void Dispose()
    {
        if (_services.IsValueCreated)
            _services.Value.Dispose();
    }
}

[Description("What a device shows.")]
internal sealed record PushMessageBody(
    [NamesOf(typeof(AlertKind), IsOpen = true)] string Kind,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? SessionId,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Device,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Country)
{
    public static PushMessageBody Of(PushMessage message) =>
        new(message.Kind.Name, message.At, message.Session?.ToString(), message.Client?.Device, message.Client?.Location?.Country);
}
