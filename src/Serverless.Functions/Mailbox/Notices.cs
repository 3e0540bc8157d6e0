using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Options;
using Serverless.Functions.Http;
using Serverless.Sessions.Mailbox;

namespace Serverless.Functions.Mailbox;

/// <summary>GET sessions/notices?after&amp;limit: made to be polled, so it is one read beside the session check.</summary>
public sealed class Notices(IMailboxStore mailbox, Callers callers, IOptions<MailboxOptions> options)
{
    /// <summary>The function.</summary>
    [Function(nameof(Notices))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "sessions/notices")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (token, _, problem) = await callers.AuthorizeAsync(request, cancellationToken);
        var after = PlaceField.Read(request.QueryField("after", ref problem), "after", ref problem) ?? 0;
        var limit = PageLimit.Read(request, ref problem);
        if (token is null || problem is not null)
            return await request.ReplyAsync(problem!);
        var notices = await mailbox.ReadNoticesAsync(token.UserId, after, limit, cancellationToken);
        return await request.ReplyPollAsync(
            new NoticesBody([.. notices.Select(NoticeBody.Of)], (int)options.Value.PollInterval.TotalMilliseconds), WireJson.Default.NoticesBody);
    }
}

/// <summary>What notices answers.</summary>
internal sealed record NoticesBody(IReadOnlyList<NoticeBody> Notices, int NextPollMs);

/// <summary>A notice on the wire.</summary>
internal sealed record NoticeBody(
    int Number, string Kind, string SessionId, string? Device, string? UserAgent, string IpAddress, DateTimeOffset CreatedAt)
{
    public static NoticeBody Of(StoredNotice stored)
    {
        var notice = stored.Notice;
        return new(
            stored.Number,
            notice.Kind.Name,
            notice.SessionId.ToString(),
            notice.Client.Device,
            notice.Client.UserAgent,
            notice.Client.IpAddress,
            notice.At);
    }
}
