namespace Serverless.Sessions.Mail;

/// <summary>Not registered if no mail server is configured.</summary>
public interface IEmailSender
{
    int MaximumPerHour { get; }

    /// <summary>Repeatable: receivers deduplicate by the mail's id.</summary>
    Task<SendAnswer> SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}

/// <summary>A mail with all that its text needs. <see cref="object.ToString"/> redacts the token.</summary>
/// <param name="Language">A BCP 47 tag of whatever kind the caller sent; null or unknown for English.</param>
/// <param name="Token">What the link is good for; null for a link to the page alone.</param>
/// <param name="Until">When the link expires, or a closed account is erased.</param>
public sealed record OutgoingMail(
    Guid Id, MailKind Kind, string To, string? Language = null, string? Token = null, DateTimeOffset? Until = null)
{
    public override string ToString() => $"[mail {Id:N}, {Kind}]";
}
