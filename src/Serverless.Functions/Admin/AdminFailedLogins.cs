using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;
using Serverless.Sessions.Timeline;

namespace Serverless.Functions.Admin;

/// <summary>GET admin/failed-logins</summary>
public sealed class AdminFailedLogins(IStatisticsStore store, Callers callers, TimeProvider clock)
{
    /// <summary>GET: with which emails and from which addresses logins failed most.</summary>
    [Function("ListFailedLogins")]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = AdminRoutes.Prefix + "failed-logins")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (_, problem) = await callers.AuthorizeAdminAsync(request, cancellationToken);
        var range = DayRange.Read(request, DayStatistics.Of(clock.GetUtcNow()), ref problem);
        var limit = PageLimit.Read(request, ref problem);
        if (problem is not null)
            return await request.ReplyAsync(problem);
        var days = await store.ReadAsync(range.From, range.To, cancellationToken).Select(stored => stored.Day)
            .ToListAsync(cancellationToken);
        return await request.ReplyAsync(FailedLoginsBody.Of(range, new(days), limit), WireJson.Default.FailedLoginsBody);
    }
}

/// <summary>Failed logins on the wire.</summary>
internal sealed record FailedLoginsBody(
    string From,
    string To,
    DateTimeOffset? UpTo,
    long FailedLogins,
    IReadOnlyList<FailedAccountBody> Accounts,
    bool AccountsComplete,
    IReadOnlyList<FailedAddressBody> Addresses,
    bool AddressesComplete,
    IReadOnlyList<FailedLoginsDayBody> Days)
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

/// <summary>An email with which logins failed: by its user, or by the key of an email without an account.</summary>
internal sealed record FailedAccountBody(string? UserId, string? AccountKey, long FailedLogins, DateTimeOffset LastAt)
{
    public static FailedAccountBody Of(Counted entry) => Serverless.Sessions.Accounts.UserId.TryParse(entry.Key, out _)
        ? new(entry.Key, null, entry.Count, entry.LastAt)
        : new(null, entry.Key, entry.Count, entry.LastAt);
}

/// <summary>An address from which logins failed.</summary>
internal sealed record FailedAddressBody(string Address, long FailedLogins, DateTimeOffset LastAt);

/// <summary>A day on the wire.</summary>
internal sealed record FailedLoginsDayBody(string Day, long FailedLogins);
