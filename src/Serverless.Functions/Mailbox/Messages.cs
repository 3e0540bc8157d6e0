using System.Text;

namespace Serverless.Functions.Mailbox;

public sealed class Messages(
    SendMessage sendMessage, ReadConversation readConversation, RateLimits rateLimits, IOptions<MailboxOptions> options)
{
    [Function("SendMessage")]
    [Operation("Sends a message to another user.",
        "Retry with the same `idempotencyKey` until there is a response: the message is sent once.",
        Accepts = typeof(MessageRequestBody))]
    [Answers(201, "The message; both participants have it.", typeof(MessageBody))]
    [Answers(200, "Already sent with this key: the original message.", typeof(MessageBody))]
    [Refuses(nameof(ProblemCode.RecipientUnknown), nameof(ProblemCode.IdempotencyKeyReused), nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> SendAsync(
        [HttpTrigger(Anonymous, "post", Route = "messages")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var user = request.Token().UserId;
        var body = await RequestBody.ReadAsync(request, WireJson.Default.MessageRequestBody, cancellationToken);
        var (to, text, key) = body.Read(user);
        rateLimits.LimitMessage(user);
        var result = await sendMessage.ExecuteAsync(user, to, text, key, cancellationToken);
        return await (result switch
        {
            SendMessageResult.Sent sent =>
                request.ReplyAsync(MessageBody.Of(sent.Message), WireJson.Default.MessageBody, HttpStatusCode.Created),
            SendMessageResult.SentBefore before =>
                request.ReplyAsync(MessageBody.Of(before.Message), WireJson.Default.MessageBody),
            SendMessageResult.KeyReused => request.ReplyAsync(new Problem(
                ProblemCode.IdempotencyKeyReused, "You have sent this user another message with this key; use a new one.")),
            _ => request.ReplyAsync(new Problem(ProblemCode.RecipientUnknown, "No user with this id can receive messages.")),
        });
    }

    [Function("GetMessages")]
    [Operation("Reads a conversation.", "Made for polling with `after`. Without `after` and `before` it returns the newest messages.")]
    [Query("with", "The other participant's user id.", Pattern = Pattern.UserId, Required = true)]
    [Query("after", "The number of the last known message; 0 for none.", Type = typeof(int))]
    [Query("before", "The number of the first known message, to scroll back; not together with `after`.", Type = typeof(int))]
    [Reads(typeof(PageLimit))]
    [Answers(200, "The messages, in order. If the last one's number is below `last`, there are more.", typeof(MessagesBody),
        Caching = Caching.Poll)]
    public async Task<HttpResponseData> GetAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "messages")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var user = request.Token().UserId;
        var with = UserField.Read(request.QueryField("with"), "with", user);
        var (after, before) = (PlaceField.Read(request, "after"), PlaceField.Read(request, "before"));
        var limit = PageLimit.Read(request);
        if (after is not null && before is not null)
            throw ProblemException.InvalidField("before", "can't be combined with after.");

        var page = await (after is { } last ? readConversation.AfterAsync(user, with, last, limit, cancellationToken)
            : before is { } first ? readConversation.BeforeAsync(user, with, first, limit, cancellationToken)
            : readConversation.OpenAsync(user, with, limit, cancellationToken));
        var body = new MessagesBody(
            [.. page.Messages.Select(MessageBody.Of)],
            page.Conversation.Last, page.Conversation.ReadUpTo, page.Conversation.Unread,
            (int)options.Value.PollInterval.TotalMilliseconds);
        return await request.ReplyPollAsync(body, WireJson.Default.MessagesBody);
    }
}

internal sealed record MessageRequestBody(
    [Required, RegularExpression(Pattern.UserId), Description("The recipient's user id; not your own.")] string? To,
    [Required, MinLength(1)]
    [Description("At most 4096 bytes of UTF-8, not blank, no control characters except tabs and line breaks.")] string? Body,
    [Required, Length(MessageKey.MinimumLength, MessageKey.MaximumLength)]
    [Description("Chosen by the sender; unique among the messages to this recipient.")] string? IdempotencyKey) : RedactedBody
{
    // In UTF-8. A request has at most 16 KiB, JSON escapes included.
    private const int MaximumBytes = 4096;

    public (UserId To, string Body, string IdempotencyKey) Read(UserId caller)
    {
        var to = UserField.Read(To, "to", caller);
        if (string.IsNullOrWhiteSpace(Body))
            throw ProblemException.InvalidField("body", "is missing.");
        if (Encoding.UTF8.GetByteCount(Body) > MaximumBytes)
            throw ProblemException.InvalidField("body", $"must have at most {MaximumBytes} bytes of UTF-8.");
        if (Body.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')))
            throw ProblemException.InvalidField("body", "must not contain control characters except tabs and line breaks.");
        return IdempotencyKey switch
        {
            null => throw ProblemException.InvalidField("idempotencyKey", "is missing."),
            { Length: >= MessageKey.MinimumLength and <= MessageKey.MaximumLength } => (to, Body, IdempotencyKey),
            _ => throw ProblemException.InvalidField(
                "idempotencyKey", $"must have {MessageKey.MinimumLength} to {MessageKey.MaximumLength} characters."),
        };
    }
}

[Description("A message, the same for both participants.")]
internal sealed record MessageBody(
    [Range(1, int.MaxValue), Description("Its sequence number in the conversation, from 1, without gaps.")] int Number,
    [RegularExpression(Pattern.UserId)] string From, [RegularExpression(Pattern.UserId)] string To, string Body,
    [Description("Never earlier than the previous message's.")] DateTimeOffset SentAt) : RedactedBody
{
    public static MessageBody Of(Message message) =>
        new(message.Number, message.From.ToString(), message.To.ToString(), message.Body, message.SentAt);
}

[Description("A part of a conversation.")]
internal sealed record MessagesBody(
    IReadOnlyList<MessageBody> Messages,
    [Description("The number of the conversation's last message; 0 if there is none.")] int Last,
    [Description("The number of the last message marked as read.")] int ReadUpTo,
    [Description("Number of unread messages from the other participant.")] int Unread,
    [Range(1, int.MaxValue), Description(NoticesBody.NextPollMsIs)] int NextPollMs);

internal static class UserField
{
    public static UserId Read(string? text, string field, UserId caller) =>
        text is null ? throw ProblemException.InvalidField(field, "is missing.")
        : !UserId.TryParse(text, out var user) ? throw ProblemException.InvalidField(field, "is not a user id.")
        : user != caller ? user
        : throw ProblemException.InvalidField(field, "must not be your own.");
}
