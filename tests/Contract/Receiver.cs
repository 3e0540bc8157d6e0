namespace Serverless.Testing;

internal sealed class Receiver : IWebhook
{
    public Func<Guid, WebhookOutcome> Outcomes { get; set; } = _ => WebhookOutcome.Taken;
    public List<Guid> Sent { get; } = [];
    public int MaximumAttempts { get; set; } = 10;
    public TimeSpan? RetryAfter { get; set; }

    public Task<WebhookAnswer> SendAsync(SecurityEvent securityEvent, CancellationToken cancellationToken)
    {
        Sent.Add(securityEvent.Id);
        return Task.FromResult(new WebhookAnswer(Outcomes(securityEvent.Id), "so") { RetryAfter = RetryAfter });
    }
}
