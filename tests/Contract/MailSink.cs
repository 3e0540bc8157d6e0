namespace Serverless.Testing;

/// <summary>Takes every mail, and keeps it to be read.</summary>
public sealed class MailSink : IEmailSender
{
    private readonly ConcurrentQueue<OutgoingMail> _mails = [];

    public int MaximumPerHour => 1_000_000;
    public IReadOnlyCollection<OutgoingMail> Mails => _mails;

    public Task<SendAnswer> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        _mails.Enqueue(mail);
        return Task.FromResult(new SendAnswer(SendOutcome.Sent, "taken"));
    }

    public IReadOnlyList<OutgoingMail> To(Email email) => [.. _mails.Where(mail => mail.To == email.Address)];

    /// <summary>The token of the latest mail of a kind.</summary>
    public string TokenOf(Email email, MailKind kind) => To(email).Last(mail => mail.Kind == kind).Token!;
}
