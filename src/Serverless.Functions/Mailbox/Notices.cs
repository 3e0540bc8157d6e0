namespace Serverless.Functions.Mailbox;

/// <summary>Made for polling, so it costs one read besides the session check.</summary>
public sealed class Notices(IMailboxStore mailbox, IOptions<MailboxOptions> options)
{
    [Function(nameof(Notices))]
    [Operation("Lists my security notices: logins from new devices or countries, sessions ended by a reused token.",
        "Made for polling. Numbers have no gaps, and a new notice never has a lower number than an earlier one.")]
    [Query("after", "The number of the last known notice; 0 for none.", Type = typeof(int))]
    [Reads(typeof(PageLimit))]
    [Answers(200, "The notices after `after`, in order; if there are `limit` of them, there may be more.", typeof(NoticesBody),
        Caching = Caching.Poll)]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "sessions/notices")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var notices = await mailbox.ReadNoticesAsync(
            request.Token().UserId, PlaceField.Read(request, "after") ?? 0, PageLimit.Read(request), cancellationToken);
        return await request.ReplyPollAsync(
            new NoticesBody([.. notices.Select(NoticeBody.Of)], (int)options.Value.PollInterval.TotalMilliseconds),
            WireJson.Default.NoticesBody);
    }
}

internal sealed record NoticesBody(
    IReadOnlyList<NoticeBody> Notices, [Range(1, int.MaxValue), Description(NoticesBody.NextPollMsIs)] int NextPollMs)
{
    public const string NextPollMsIs = "Milliseconds until the next poll is due.";
}

/// <summary>The number of a notice or a message in a query.</summary>
internal static class PlaceField
{
    public static int? Read(HttpRequestData request, string field) =>
        request.QueryField(field) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw ProblemException.InvalidField(field, "must be a whole number, 0 or more.");
}

[Description("A security notice for a user.")]
internal sealed record NoticeBody(
    [Range(1, int.MaxValue), Description("Its sequence number; send the last one as `after`.")] int Number,
    [NamesOf(typeof(NoticeKind), IsOpen = true), Description("What happened.")] string Kind,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [RegularExpression(Pattern.Id), Description("The session that was opened or ended; absent where none was.")] string? SessionId,
    [Description("The device that logged in or sent the reused token.")] string? Device,
    string? UserAgent, string IpAddress,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("Where the address was; absent if unknown.")] LocationBody? Location,
    DateTimeOffset CreatedAt)
{
    public static NoticeBody Of(StoredNotice stored)
    {
        var (notice, client) = (stored.Notice, stored.Notice.Client);
        return new(
            stored.Number, notice.Kind.Name, notice.SessionId?.ToString(), client.Device, client.UserAgent, client.IpAddress,
            LocationBody.Of(client.Location), notice.At);
    }
}
