namespace Serverless.Sessions.Mailbox;

public sealed class MailboxOptions
{
    [Setting("how long clients are told to wait between two polls of notices and messages",
        "messages must come sooner, or the polls cost too much")]
    [Duration("00:00:01", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);
}
