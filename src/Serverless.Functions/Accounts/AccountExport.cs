using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Functions.Accounts;

/// <summary>Writes row by row, but the platform buffers a response, so its size is bounded. Security events come last, since they are
/// found by reading those of all users.</summary>
public sealed class AccountExport(
    IAccountStore accounts, ISessionStore sessions, IPasskeyStore passkeys, ILogStore log, IMailboxStore mailbox,
    IPersonalDataStore personal, RateLimits rateLimits, IOptions<RetentionOptions> retention,
    TimeProvider clock, ILogger<AccountExport> logger)
{
    private const long MaximumBytes = 32 * 1024 * 1024;
    private const int PageSize = 1000;

    // Azure ends a request after 230 s.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EventStep = TimeSpan.FromDays(30);

    [Function(nameof(AccountExport))]
    [Operation("Returns all that is stored about me.",
        "At most 32 MiB, in about a minute at most; `complete` tells whether that was enough. Without passwords, tokens, codes and what "
        + "only the service needs. Five at once, then one a minute.", NeedsFreshAuthentication = true)]
    [Answers(200, "My data.", typeof(ExportBody))]
    [Refuses(nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "accounts/me/export")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var session = request.Session();
        rateLimits.LimitExport(session.UserId);
        var response = request.Empty(HttpStatusCode.OK);
        response.Headers.Add("Content-Type", Replies.Json);
        var (bytes, complete) = await WriteAsync(session, response.Body, cancellationToken);
        if (request.Method != "HEAD")
            logger.DataExported($"{session.UserId}", bytes, complete);
        response.LeaveOutBodyForHead(request);
        return response;
    }

    private async Task<(long Bytes, bool Complete)> WriteAsync(Session session, Stream body, CancellationToken cancellationToken)
    {
        var (user, started) = (session.UserId, clock.GetTimestamp());
        var (key, stored) = await accounts.ReadOfAsync(session, cancellationToken);
        if (stored.Account is not { State: not AccountState.Moved } account || account.Id != user)
            throw new StorageUnavailableException("An account changed while it was read.");
        var isComplete = true;
        await using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        writer.WritePropertyName("account");
        JsonSerializer.Serialize(writer, ExportedAccountBody.Of(account, stored, clock.GetUtcNow()), WireJson.Default.ExportedAccountBody);
        var listed = await sessions.ListAsync(user, cancellationToken);
        await WriteAllAsync(
            "sessions", listed.Select(ExportedSessionBody.Of).ToAsyncEnumerable(), WireJson.Default.ExportedSessionBody);
        var keys = (await passkeys.ReadAsync(user, cancellationToken)).Passkeys;
        await WriteAllAsync("passkeys", keys.Select(PasskeyBody.Of).ToAsyncEnumerable(), WireJson.Default.PasskeyBody);
        await WriteAllAsync("notices", ReadNoticesAsync(user, cancellationToken), WireJson.Default.NoticeBody);
        await WriteConversationsAsync();
        var mails = (await personal.ReadMailsAsync(key, cancellationToken)).Where(mail => mail.To is not null);
        await WriteAllAsync("mails", mails.Select(ExportedMailBody.Of).ToAsyncEnumerable(), WireJson.Default.ExportedMailBody);
        // Logins with this email failed before it had an account.
        var entries = ReadLogAsync(LogOwner.Of(user), cancellationToken).Concat(ReadLogAsync(LogOwner.Of(key), cancellationToken));
        await WriteAllAsync("log", entries.Select(LogEntryBody.Of), WireJson.Default.LogEntryBody);
        await WriteAllAsync("securityEvents", ReadEventsAsync(account, HasRoom, cancellationToken), WireJson.Default.SecurityEventBody);
        writer.WriteBoolean("complete", isComplete);
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
        return (writer.BytesCommitted, isComplete);

        async Task WriteAllAsync<T>(string name, IAsyncEnumerable<T> rows, JsonTypeInfo<T> type)
        {
            writer.WriteStartArray(name);
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                if (!HasRoom())
                    break;
                JsonSerializer.Serialize(writer, row, type);
            }

            writer.WriteEndArray();
            await writer.FlushAsync(cancellationToken);
        }

        async Task WriteConversationsAsync()
        {
            writer.WriteStartArray("conversations");
            await foreach (var conversation in mailbox.ListConversationsAsync(user, cancellationToken))
            {
                if (!HasRoom())
                    break;
                writer.WriteStartObject();
                writer.WriteString("with", $"{conversation.Other}");
                writer.WriteNumber("readUpTo", conversation.ReadUpTo);
                await WriteAllAsync("messages", ReadMessagesAsync(conversation, cancellationToken), WireJson.Default.MessageBody);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        bool HasRoom() => isComplete = isComplete
            && writer.BytesCommitted + writer.BytesPending < MaximumBytes && clock.GetElapsedTime(started) < Longest;
    }

    private async IAsyncEnumerable<NoticeBody> ReadNoticesAsync(
        UserId user, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = 0;
        while (await mailbox.ReadNoticesAsync(user, last, PageSize, cancellationToken) is { Count: > 0 } notices)
        {
            foreach (var notice in notices)
                yield return NoticeBody.Of(notice);
            last = notices[^1].Number;
        }
    }

    private async IAsyncEnumerable<MessageBody> ReadMessagesAsync(
        Conversation conversation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = 0;
        while (await mailbox.ReadMessagesAsync(conversation, last + 1, conversation.Last, PageSize, cancellationToken)
            is { Count: > 0 } messages)
        {
            foreach (var message in messages)
                yield return MessageBody.Of(message);
            last = messages[^1].Number;
        }
    }

    private async IAsyncEnumerable<LogEntry> ReadLogAsync(
        LogOwner owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LogPage? page = null;
        while (page is null || page.Next is not null)
        {
            // One row more than a page is read, which storage answers up to a thousand at once.
            page = await log.ReadAsync(owner, page?.Next, PageSize - 1, cancellationToken);
            foreach (var entry in page.Entries)
                yield return entry;
        }
    }

    private async IAsyncEnumerable<SecurityEventBody> ReadEventsAsync(
        Account account, Func<bool> hasRoom, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var oldest = now - retention.Value.SecurityEventLifetime;
        var start = account.CreatedAt > oldest ? account.CreatedAt : oldest;
        // A search that finds nothing takes its time, too.
        for (var to = now; to >= start && hasRoom(); to -= EventStep)
        {
            // Both ends are included.
            await foreach (var each in personal.ReadEventsAsync(account.Id, (to - EventStep).AddTicks(1), to, cancellationToken))
                yield return SecurityEventBody.Of(each);
        }
    }
}

[Description("All that is stored about a user.")]
internal sealed record ExportBody(
    ExportedAccountBody Account,
    [Description("All sessions whose rows exist, ended ones included.")] IReadOnlyList<ExportedSessionBody> Sessions,
    [Description("Without their keys.")] IReadOnlyList<PasskeyBody> Passkeys,
    IReadOnlyList<NoticeBody> Notices,
    [Description("My copies of conversations; the other participant has another.")]
    IReadOnlyList<ExportedConversationBody> Conversations,
    [Description("Mails to me that wait to be sent.")] IReadOnlyList<ExportedMailBody> Mails,
    [Description("My history, newest first, then failed logins with my email from before it had an account.")]
    IReadOnlyList<LogEntryBody> Log,
    [Description("Newest first.")] IReadOnlyList<SecurityEventBody> SecurityEvents,
    [Description("False if the limit of size or time was reached; what was left out is at the end of a list, or a list after it.")]
    bool Complete);

[Description("An account with what is stored beside it.")]
internal sealed record ExportedAccountBody(
    [RegularExpression(Pattern.UserId), Description("The user's id.")] string Id,
    [MaxLength(254), Description("In lower case.")] string Email,
    [MaxLength(254), Description("The email as it was typed.")] string Address,
    [RegularExpression(Pattern.Role)] IReadOnlyList<string> Roles,
    DateTimeOffset CreatedAt, DateTimeOffset? EmailVerifiedAt,
    [Description("The language of mails.")] string? Language,
    NotificationsBody Notifications,
    [Description("Number of devices that are recognized, by a hash.")] int KnownDevices,
    [Description("The countries of my logins, with the day of the last one from each, within a week.")]
    IReadOnlyList<KnownCountryBody> Countries,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("About where the last login came from; absent if unknown.")]
    LocationBody? LastLocation,
    [Description("Failed logins since the last success.")] int FailedLogins,
    DateTimeOffset? LastFailureAt, DateTimeOffset? LockedUntil,
    [Description("Links in mails that can still be used.")] IReadOnlyList<ExportedLinkBody> Links)
{
    public static ExportedAccountBody Of(Account account, StoredAccount stored, DateTimeOffset now) => new(
        $"{account.Id}", account.Email.Value, account.Email.Address, account.Roles, account.CreatedAt, account.EmailVerifiedAt,
        account.Language, NotificationsBody.Of(account.Notifications), account.Devices.Count,
        KnownCountryBody.Of(account.Places),
        LocationBody.Of(account.LastLocation), stored.Throttle.Failures, stored.Throttle.LastFailureAt,
        stored.Throttle.LockedUntil,
        [.. new[] { stored.Verify, stored.Reset }.OfType<AccountToken>()
            .Where(link => link.User == account.Id && link.ExpiresAt > now).Select(ExportedLinkBody.Of)]);
}

internal sealed record KnownCountryBody(
    [RegularExpression(Pattern.Country)] string Country, [RegularExpression(Pattern.Day)] string LastUsed)
{
    public static IReadOnlyList<KnownCountryBody> Of(KnownPlaces places) =>
        [.. places.Places.Select(place => new KnownCountryBody(place.Country, DayRange.Write(place.LastUsed)))];
}

[Description("A link in a mail, without its token.")]
internal sealed record ExportedLinkBody([NamesOf(typeof(TokenPurpose))] string Purpose, DateTimeOffset ExpiresAt)
{
    public static ExportedLinkBody Of(AccountToken token) => new(ExportedNames.Of(token.Purpose), token.ExpiresAt);
}

[Description("A session with all that is stored of it.")]
internal sealed record ExportedSessionBody(
    [RegularExpression(Pattern.Id)] string Id,
    [MaxLength(254)] string Email,
    [RegularExpression(Pattern.Role)] IReadOnlyList<string> Roles,
    string? Device, string? UserAgent, string IpAddress,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("Where the last login or refresh came from; absent if unknown.")]
    LocationBody? Location,
    [Description("Whether it was to stay logged in for weeks.")] bool Remember,
    [Description("The countries that I needn't be told of, with the day of their last use.")] IReadOnlyList<KnownCountryBody> Countries,
    DateTimeOffset CreatedAt, DateTimeOffset LastActivityAt, DateTimeOffset LastSeenAt,
    [Description("When I last did something, as the page told; null once the session has ended.")] DateTimeOffset? LastActiveAt,
    DateTimeOffset ExpiresAt, DateTimeOffset AbsoluteExpiresAt,
    [Description("The login, or the last step-up; null if that doesn't count any more.")] DateTimeOffset? AuthenticatedAt,
    [Description("How, as in the claim `amr`.")] IReadOnlyList<string> AuthenticationMethods,
    [Description("Number of refreshes; each is in the history.")] int Refreshes,
    [Description("Where push messages for it go; without their keys.")] string? PushEndpoint,
    DateTimeOffset? EndedAt,
    [NamesOf(typeof(EndReason), IsOpen = true)] string? EndReason)
{
    public static ExportedSessionBody Of(ListedSession listed)
    {
        var (session, client) = (listed.Stored.Session, listed.Stored.Session.Client);
        return new(
            $"{session.Id}", session.Email.Value, session.Roles, client.Device, client.UserAgent, client.IpAddress,
            LocationBody.Of(client.Location), session.Remember, KnownCountryBody.Of(session.Places),
            session.CreatedAt, session.LastActivityAt, listed.LastSeenAt, listed.LastActiveAt, session.ExpiresAt, session.AbsoluteExpiresAt,
            session.Authentication.IsExpired ? null : session.Authentication.At, session.Authentication.Methods.ToNames(),
            session.Generation, session.Push?.Endpoint, session.Ending?.At, session.Ending?.Reason.Name);
    }
}

[Description("A user's copy of a conversation.")]
internal sealed record ExportedConversationBody(
    [RegularExpression(Pattern.UserId), Description("The other participant.")] string With,
    [Description("The number of the last message marked as read.")] int ReadUpTo,
    IReadOnlyList<MessageBody> Messages);

[Description("A mail that waits to be sent.")]
internal sealed record ExportedMailBody(
    [NamesOf(typeof(MailKind))] string Kind, [MaxLength(254)] string To, string? Language, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt)
{
    public static ExportedMailBody Of(MailIntent mail) =>
        new(ExportedNames.Of(mail.Kind), mail.To!, mail.Language, mail.CreatedAt, mail.ExpiresAt);
}

file static class ExportedNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");
}
