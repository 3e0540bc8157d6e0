namespace Serverless.Functions.Timeline;

public sealed class AdminSecurityEvents(ISecurityEventStore store)
{
    [Function("ListSecurityEvents")]
    [Operation("Lists security events, newest first.",
        "Filter by `kind`, or by `delivery` for those that the webhook did not accept; not by both.")]
    [Reads(typeof(PageStart), typeof(PageLimit))]
    [Query("kind", "Only events of this kind.", NamesOf = typeof(SecurityEventKind))]
    [Query("delivery", "Only events that the webhook did not accept.", Value = "dead_letter")]
    [Answers(200, "One page; `next` continues it.", typeof(SecurityEventsBody))]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "security/events")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var list = ReadList(request.QueryField("kind"), request.QueryField("delivery"));
        var page = await store.ListAsync(list, PageStart.Read(request), PageLimit.Read(request), cancellationToken);
        var body = new SecurityEventsBody([.. page.Events.Select(SecurityEventBody.Of)], page.Next?.ToString());
        return await request.ReplyAsync(body, WireJson.Default.SecurityEventsBody);
    }

    // Each list is one range of rows; there is no range for dead letters of one kind.
    private static SecurityEventList ReadList(string? kind, string? delivery)
    {
        if (kind is not null && SecurityEventKind.Find(kind) is null)
            throw ProblemException.InvalidField("kind", $"must be one of {string.Join(", ", SecurityEventKind.All)}.");
        if (delivery is not null && delivery != SecurityEventBody.NameOf(DeliveryState.DeadLetter))
            throw ProblemException.InvalidField("delivery", "must be dead_letter.");
        if (kind is not null && delivery is not null)
            throw ProblemException.InvalidField("delivery", "can't be combined with kind.");
        return new(SecurityEventKind.Find(kind), DeadLetters: delivery is not null);
    }
}

internal sealed record SecurityEventsBody(
    IReadOnlyList<SecurityEventBody> Events,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The `after` of the next page; absent on the last.")] string? Next);

[Description("An incident that somebody should look at.")]
internal sealed record SecurityEventBody(
    [RegularExpression(Pattern.Id), Description("Stays the same if the event is found or sent again.")] string Id,
    [NamesOf(typeof(SecurityEventKind))] string Kind, DateTimeOffset At,
    [RegularExpression(Pattern.UserId), Description("Null for an event about an address.")] string? UserId,
    [RegularExpression(Pattern.Id), Description("The session that started or ended, if any.")] string? SessionId,
    [Description("The last address: an IPv4 address, the first four hextets of an IPv6 one, or `unknown`.")] string Address,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The country of the address; absent if unknown.")]
    LocationBody? Location,
    [property: JsonIgnore(Condition = WhenWritingNull)] LocationChangeBody? LocationChange,
    [property: JsonIgnore(Condition = WhenWritingNull)] SecurityEvidenceBody? Evidence,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [NamesOf(typeof(DeliveryState)), Description("The state of its delivery to the webhook; absent if there was none.")]
    string? Delivery)
{
    public static SecurityEventBody Of(SecurityEvent each) => new(
        each.Id.ToString("N"), each.Kind.Name, each.At,
        each.UserId?.ToString(), each.SessionId?.ToString(), each.AddressGroup,
        LocationBody.OfCountry(each.Country), LocationChangeBody.Of(each.Change),
        each.Evidence is { } found
            ? new(
                (int)found.Window.TotalMinutes, found.Count, found.Failures, found.DistinctAccounts, found.DistinctAddresses,
                found.FirstAt, found.LastAt)
            : null,
        each.Delivery is { } delivery ? NameOf(delivery) : null);

    public static string NameOf(DeliveryState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}

[Description("Between which countries; only with `new_country`, `impossible_travel` and `country_changed`.")]
internal sealed record LocationChangeBody(
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [RegularExpression(Pattern.Country), Description("Where the account was used before; absent if unknown.")] string? From,
    [RegularExpression(Pattern.Country)] string To,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("Absent unless the database has the coordinates of both.")]
    long? Kilometers,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The time between both uses; absent with `new_country`.")]
    long? ElapsedSeconds)
{
    public static LocationChangeBody? Of(LocationChange? change) => change is null ? null
        : new(change.From, change.To, (long?)change.Kilometers, (long?)change.Elapsed?.TotalSeconds);
}

[Description("What was counted; absent for a single incident.")]
internal sealed record SecurityEvidenceBody(
    [Range(1, int.MaxValue), Description("Length of the window in minutes.")] int WindowMinutes,
    [Range(1, int.MaxValue), Description("Login attempts in the window.")] int Count,
    [Description("Failed attempts in the window.")] int Failures,
    [Description("Distinct emails that were tried.")] int DistinctAccounts,
    [Range(1, int.MaxValue), Description("Distinct addresses that they came from.")] int DistinctAddresses,
    [Description("The first attempt in the window.")] DateTimeOffset FirstAt,
    [Description("The last attempt in the window.")] DateTimeOffset LastAt);
