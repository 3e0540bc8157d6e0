namespace Serverless.Functions.Timeline;

public sealed class AdminFailedLogins(IStatisticsStore store, TimeProvider clock)
{
    [Function("ListFailedLogins")]
    [Operation("Returns the emails and addresses with the most failed logins.",
        "Counted up to `upTo`; an hour is counted 15 minutes after its end. `limit` applies to both lists.")]
    [Reads(typeof(DayRange), typeof(PageLimit))]
    [Answers(200, "Totals, and lists with the most frequent first.", typeof(FailedLoginsBody))]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "failed-logins")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var range = DayRange.Read(request, DayStatistics.Of(clock.GetUtcNow()));
        var limit = PageLimit.Read(request);
        var days = await store.ReadAsync(range.From, range.To, cancellationToken).ToListAsync(cancellationToken);
        var statistics = new RangeStatistics(days);
        var (accounts, addresses) = (statistics.TopFailedAccounts, statistics.TopFailedAddresses);
        var body = new FailedLoginsBody(
            DayRange.Write(range.From), DayRange.Write(range.To), statistics.UpTo, days.Sum(day => day.FailedLogins),
            [.. accounts.Entries.Take(limit).Select(FailedAccountBody.Of)],
            accounts.IsComplete && accounts.Entries.Count <= limit,
            [.. addresses.Entries.Take(limit).Select(entry => new FailedAddressBody(
                entry.Key, LocationBody.OfCountry(entry.Country), entry.Count, entry.LastAt))],
            addresses.IsComplete && addresses.Entries.Count <= limit,
            [.. days.Select(day => new FailedLoginsDayBody(DayRange.Write(day.Day), day.FailedLogins))]);
        return await request.ReplyAsync(body, WireJson.Default.FailedLoginsBody);
    }
}

internal sealed record FailedLoginsBody(
    [RegularExpression(Pattern.Day), Description("The first day (UTC).")] string From,
    [RegularExpression(Pattern.Day), Description("The last day, inclusive.")] string To,
    [Description("Counted up to this time; null if nothing is counted yet.")] DateTimeOffset? UpTo,
    [Description("Failed logins, including those refused because the email was locked.")] long FailedLogins,
    [Description("The emails, most frequent first.")] IReadOnlyList<FailedAccountBody> Accounts,
    [Description("Whether the list is complete and exact.")] bool AccountsComplete,
    [Description("The addresses, most frequent first.")] IReadOnlyList<FailedAddressBody> Addresses,
    [Description("Whether the list is complete and exact.")] bool AddressesComplete,
    [Description("The counted days, oldest first.")] IReadOnlyList<FailedLoginsDayBody> Days);

[Description("An email with failed logins: its user id, or a key if it has no account.")]
internal sealed record FailedAccountBody(
    [RegularExpression(Pattern.UserId), Description("Null if the email has no account.")] string? UserId,
    [RegularExpression(Pattern.Id), Description("The beginning of the SHA-256 of an email without an account; null if it has one.")]
    string? AccountKey,
    long FailedLogins,
    [Description("The last failed login.")] DateTimeOffset LastAt)
{
    public static FailedAccountBody Of(Counted entry) => Serverless.Sessions.Accounts.UserId.TryParse(entry.Key, out _)
        ? new(entry.Key, null, entry.Count, entry.LastAt) : new(null, entry.Key, entry.Count, entry.LastAt);
}

internal sealed record FailedAddressBody(
    [Description("An IPv4 address, the first four hextets of an IPv6 one, or `unknown`.")] string Address,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The country it was in at the last failed login; absent if unknown.")]
    LocationBody? Location,
    long FailedLogins,
    [Description("The last failed login.")] DateTimeOffset LastAt);

internal sealed record FailedLoginsDayBody([RegularExpression(Pattern.Day)] string Day, long FailedLogins);
