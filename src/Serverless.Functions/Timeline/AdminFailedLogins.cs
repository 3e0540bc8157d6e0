namespace Serverless.Functions.Timeline;

/// <summary>GET admin/failed-logins</summary>
public sealed class AdminFailedLogins(IStatisticsStore store, TimeProvider clock)
{
    [Function("ListFailedLogins")]
    [Operation(
        "The emails and addresses with the most failed logins.",
        "Counted up to `upTo`; an hour is counted 15 minutes after its end. `limit` cuts both lists.")]
    [Reads(typeof(DayRange), typeof(PageLimit))]
    [Answers<FailedLoginsBody>(200, "In total, and the most frequent first.")]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = AdminRoutes.Prefix + "failed-logins")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var range = DayRange.Read(request, DayStatistics.Of(clock.GetUtcNow()));
        var limit = PageLimit.Read(request);
        var days = await store.ReadAsync(range.From, range.To, cancellationToken).Select(stored => stored.Day)
            .ToListAsync(cancellationToken);
        return await request.ReplyAsync(FailedLoginsBody.Of(range, new(days), limit), WireJson.Default.FailedLoginsBody);
    }
}

internal sealed record FailedLoginsBody(
    [RegularExpression(Pattern.Day), Description("The first day (UTC).")] string From,
    [RegularExpression(Pattern.Day), Description("The last day, inclusive.")] string To,
    [Description("Up to when it is counted; null where nothing of these days is.")] DateTimeOffset? UpTo,
    [Description("Logins that failed, or weren't tried because the email was locked.")] long FailedLogins,
    [Description("With which emails, the most frequent first.")] IReadOnlyList<FailedAccountBody> Accounts,
    [Description("Whether these are all, with exact counts.")] bool AccountsComplete,
    [Description("From which addresses, the most frequent first.")] IReadOnlyList<FailedAddressBody> Addresses,
    [Description("Whether these are all, with exact counts.")] bool AddressesComplete,
    [Description("The days that are counted, the oldest first.")] IReadOnlyList<FailedLoginsDayBody> Days)
{
    public static FailedLoginsBody Of(DayRange range, RangeStatistics statistics, int limit)
    {
        var (accounts, addresses) = (statistics.TopFailedAccounts, statistics.TopFailedAddresses);
        return new(
            range.From.ToString(DayRange.Format, CultureInfo.InvariantCulture),
            range.To.ToString(DayRange.Format, CultureInfo.InvariantCulture),
            statistics.UpTo,
            statistics.Sum(day => day.FailedLogins),
            [.. accounts.Entries.Take(limit).Select(FailedAccountBody.Of)],
            accounts.IsComplete && accounts.Entries.Count <= limit,
            [.. addresses.Entries.Take(limit).Select(entry => new FailedAddressBody(entry.Key, entry.Count, entry.LastAt))],
            addresses.IsComplete && addresses.Entries.Count <= limit,
            [
                .. statistics.Days.Select(day => new FailedLoginsDayBody(
                    day.Day.ToString(DayRange.Format, CultureInfo.InvariantCulture), day.FailedLogins)),
            ]);
    }
}

[Description("An email with which logins failed: by its user, or by the key of an email without an account.")]
internal sealed record FailedAccountBody(
    [RegularExpression(Pattern.UserId), Description("Null where the email has no account.")] string? UserId,
    [RegularExpression(Pattern.Id), Description("The beginning of the SHA-256 of an email without an account; null where there is a user.")]
    string? AccountKey,
    long FailedLogins,
    [Description("The last one.")] DateTimeOffset LastAt)
{
    public static FailedAccountBody Of(Counted entry) => Serverless.Sessions.Accounts.UserId.TryParse(entry.Key, out _)
        ? new(entry.Key, null, entry.Count, entry.LastAt)
        : new(null, entry.Key, entry.Count, entry.LastAt);
}

internal sealed record FailedAddressBody(
    [Description("An IPv4 address, the first four hextets of an IPv6 one, or `unknown`.")] string Address,
    long FailedLogins,
    [Description("The last one.")] DateTimeOffset LastAt);

internal sealed record FailedLoginsDayBody([RegularExpression(Pattern.Day)] string Day, long FailedLogins);
