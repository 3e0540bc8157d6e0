namespace Serverless.Testing;

internal sealed class Receiver : IWebhook
{
    public Func<Guid, SendOutcome> Outcomes { get; set; } = _ => SendOutcome.Sent;
    public List<Guid> Sent { get; } = [];
    public int MaximumAttempts { get; set; } = 10;
    public TimeSpan? RetryAfter { get; set; }

    public Task<SendAnswer> SendAsync(SecurityEvent securityEvent, CancellationToken cancellationToken)
    {
        Sent.Add(securityEvent.Id);
        return Task.FromResult(new SendAnswer(Outcomes(securityEvent.Id), "so") { RetryAfter = RetryAfter });
    }
}
