namespace Serverless.Sessions.Mailbox;

/// <summary>Both participants keep an identical copy. <c>Number</c> counts the messages of the conversation, without gaps and
/// independent of clocks, <c>NumberOfSender</c> those of its sender. <c>SentAt</c> never goes back.</summary>
public sealed record Message(UserId From, UserId To, int Number, int NumberOfSender, DateTimeOffset SentAt, string Body)
{
    /// <summary>How many messages of a participant are up to this one.</summary>
    public int CountOf(UserId participant) => participant == From ? NumberOfSender : Number - NumberOfSender;
}

/// <summary>A sender's idempotency key for one message (draft-ietf-httpapi-idempotency-key-header), scoped to one sender and one
/// recipient and kept as long as the message.</summary>
public readonly record struct MessageKey(string Value)
{
    public const int MinimumLength = 8;
    public const int MaximumLength = 128;

    public static MessageKey Of(UserId from, UserId to, string idempotencyKey) =>
        new(Digest.HexOf($"{from}{to}{idempotencyKey}"));

    public static bool TryParse(ReadOnlySpan<char> text, out MessageKey key)
    {
        key = new(text.ToString());
        return HexDigits.Are(text, 32);
    }

    public override string ToString() => Value;
}
