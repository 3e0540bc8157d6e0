namespace Serverless.Functions.Timeline;

public sealed class AdminActivity(ReadActivity readActivity, IAccountStore accounts)
{
    [Function("ListActivity")]
    [Operation("Lists logins, failed logins and ends of sessions of all users, newest first.",
        "A page looks back 7 days at most: it may be short, even empty, and still have a `next`. Activity is kept for 90 days, and may be "
        + "listed some seconds late: read the first page again, with its ETag.")]
    [Reads(typeof(PageStart), typeof(PageLimit), typeof(TimeRange))]
    [Query("user", "Only of the user with this id or email; attempts with an email are found whether or not it has an account.")]
    [Query("address", "Only from this address; of an IPv6 one, from its network (its first four hextets).")]
    [Query("country", "Only from this country (ISO 3166).", Pattern = Pattern.Country)]
    [Query("kind", "Only of this kind.", NamesOf = typeof(ActivityKind))]
    [Query("success", "Only logins that succeeded (also if sent without a value), or only those that failed. Not together with `kind`.",
        Type = typeof(bool))]
    [Answers(200, "One page; `next` continues it.", typeof(ActivityPageBody), Caching = Caching.Poll)]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "activity")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (after, limit, range) = (PageStart.Read(request), PageLimit.Read(request), TimeRange.Read(request));
        var filter = new ActivityFilter(
            AddressGroup: AddressFilter.Read(request.QueryField("address")) is { } address ? IpAddressGroup.Of(address) : null,
            Country: ReadCountry(request.QueryField("country")),
            Kind: ReadKind(request.QueryField("kind"), request.QueryField("success") is null ? null : request.QueryFlag("success")));
        if (request.QueryField("user") is { } user)
            filter = await OfUserAsync(filter, user, cancellationToken);
        var page = await readActivity.ExecuteAsync(filter, range.From, range.To, after, limit, cancellationToken);
        var body = new ActivityPageBody([.. page.Activities.Select(ActivityBody.Of)], page.Next?.ToString(), page.ReadTo);
        return await request.ReplyPollAsync(body, WireJson.Default.ActivityPageBody);
    }

    // Only attempts have the email, and only its account leads to the rest.
    private async Task<ActivityFilter> OfUserAsync(ActivityFilter filter, string text, CancellationToken cancellationToken)
    {
        if (UserId.TryParse(text, out var id))
            return filter with { UserId = id };
        if (!Email.TryParse(text, out var email))
            throw ProblemException.InvalidField("user", "must be a user id or an email address.");
        var key = email.ToAccountKey();
        return filter with { UserId = (await accounts.ReadAsync(key, cancellationToken)).Account?.Id, AccountKey = key };
    }

    private static string? ReadCountry(string? text) =>
        text is null or [>= 'A' and <= 'Z', >= 'A' and <= 'Z'] ? text
        : throw ProblemException.InvalidField("country", "must be two capital letters (ISO 3166).");

    private static ActivityKind? ReadKind(string? kind, bool? success)
    {
        if (kind is null)
            return success is null ? null : success.Value ? ActivityKind.Login : ActivityKind.FailedLogin;
        if (success is not null)
            throw ProblemException.InvalidField("success", "can't be combined with kind.");
        var kinds = Enum.GetValues<ActivityKind>().ToDictionary(ActivityBody.NameOf);
        return kinds.TryGetValue(kind, out var found) ? found
            : throw ProblemException.InvalidField("kind", $"must be one of {string.Join(", ", kinds.Keys)}.");
    }
}

internal sealed record ActivityPageBody(
    IReadOnlyList<ActivityBody> Activities,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The `after` of the next page; absent if there is nothing earlier.")]
    string? Next,
    [Description("How far back was looked.")] DateTimeOffset ReadTo);

[Description("A login, a failed login, or the end of a session.")]
internal sealed record ActivityBody(
    [RegularExpression(Pattern.Id), Description("Of an end that of its session: if it is listed twice, the earlier one counts.")] string Id,
    [NamesOf(typeof(ActivityKind))] string Kind, DateTimeOffset At,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [RegularExpression(Pattern.UserId), Description("Absent if the email has no account, or the user was erased.")] string? UserId,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [RegularExpression(Pattern.Id), Description("The beginning of the SHA-256 of the email; only of a login or failed login.")]
    string? AccountKey,
    [property: JsonIgnore(Condition = WhenWritingNull)][RegularExpression(Pattern.Id)] string? SessionId,
    [Description("An IPv4 address, the first four hextets of an IPv6 one, or `unknown`.")] string Address,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The country of the address; absent if unknown.")]
    LocationBody? Location,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [NamesOf(typeof(EndReason), IsOpen = true), Description("Why the session ended.")] string? Reason,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("How long the session lasted.")] long? DurationSeconds,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("How often the session was refreshed.")] int? Generation,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("Of the device that logged in; absent if it isn't recognized.")]
    string? System,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("As `system`.")] string? Browser,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("True or absent: a device that the account didn't know.")]
    bool? NewDevice,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("True or absent: a country that the account hasn't used in 90 days.")]
    bool? NewCountry,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("True or absent: farther from the last use than anyone travels.")]
    bool? ImpossibleTravel)
{
    public static ActivityBody Of(Activity each) => new(
        each.Id.ToString("N"), NameOf(each.Kind), each.At, each.UserId?.ToString(), each.AccountKey?.Value, each.SessionId?.ToString(),
        each.AddressGroup, LocationBody.OfCountry(each.Country), each.EndReason?.Name, (long?)each.Duration?.TotalSeconds, each.Generation,
        each.System, each.Browser, OrNull(each.NewDevice), OrNull(each.NewCountry), OrNull(each.ImpossibleTravel));

    public static string NameOf(ActivityKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static bool? OrNull(bool flag) => flag ? true : null;
}
