using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Mailbox;

/// <summary>Notices and messages. Section <c>Mailbox</c>.</summary>
public sealed class MailboxOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Mailbox";

    /// <summary>How long clients are told to wait between two polls.</summary>
    /// <value>Milliseconds, 500 to 60,000. Default 2000.</value>
    [Range(500, 60_000)]
    public int PollMilliseconds { get; set; } = 2000;

    /// <summary>The longest message, as UTF-8.</summary>
    /// <value>Bytes, 1 to 8192: a request has at most 16 KiB with all its escapes. Default 4096.</value>
    [Range(1, 8192)]
    public int MaximumMessageBytes { get; set; } = 4096;
}
