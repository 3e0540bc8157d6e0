namespace Serverless.Testing;

/// <summary>A push service that keeps what it takes, by endpoint.</summary>
public sealed class PushSink : IPushSender
{
    private readonly ConcurrentQueue<(string Endpoint, PushMessage Message, TimeSpan KeptFor)> _taken = [];

    public Func<string, SendAnswer> Answers { get; set; } = _ => new(SendOutcome.Sent, "so");
    public IReadOnlyList<(string Endpoint, PushMessage Message, TimeSpan KeptFor)> Taken => [.. _taken];

    /// <summary>Any keys: nothing is encrypted here.</summary>
    public static PushSubscription At(string endpoint) => new(endpoint, "key", "secret");

    public IReadOnlyList<string> KindsAt(string endpoint) =>
        [.. _taken.Where(each => each.Endpoint == endpoint).Select(each => each.Message.Kind.Name)];

    public Task<SendAnswer> SendAsync(
        PushSubscription subscription, PushMessage message, TimeSpan keptFor, CancellationToken cancellationToken)
    {
        _taken.Enqueue((subscription.Endpoint, message, keptFor));
        return Task.FromResult(Answers(subscription.Endpoint));
    }
}
