namespace Serverless.Tables.Timeline;

internal static class ActivityRow
{
    public static TableEntity Write(Activity activity, string partition) => new TableEntity(
        partition, TimelineKeys.Activity(activity))
    {
        [nameof(Activity.Kind)] = activity.Kind.ToString(),
        [nameof(Activity.At)] = activity.At,
        [nameof(Activity.AddressGroup)] = activity.AddressGroup,
        [nameof(Activity.AccountKey)] = activity.AccountKey?.Value,
        [nameof(Activity.UserId)] = activity.UserId?.ToString(),
        [nameof(Activity.SessionId)] = activity.SessionId?.ToString(),
        [nameof(Activity.EndReason)] = activity.EndReason?.Name,
        ["DurationSeconds"] = activity.Duration?.TotalSeconds,
        [nameof(Activity.Generation)] = activity.Generation,
        [nameof(Activity.System)] = activity.System,
        [nameof(Activity.Browser)] = activity.Browser,
        [nameof(Activity.Locks)] = activity.Locks ? true : null,
        [nameof(Activity.NewDevice)] = activity.NewDevice ? true : null,
        [nameof(Activity.Country)] = activity.Country,
        [nameof(Activity.NewCountry)] = activity.NewCountry ? true : null,
        [nameof(Activity.ImpossibleTravel)] = activity.ImpossibleTravel ? true : null,
    }.With(activity.Change).WithoutNulls();

    /// <summary>What <see cref="ActivityFilter"/> says, behind a filter of keys.</summary>
    public static string Where(ActivityFilter filter)
    {
        string[] owners =
            [.. Terms((nameof(Activity.UserId), filter.UserId?.ToString()), (nameof(Activity.AccountKey), filter.AccountKey?.Value))];
        var others = Terms(
            (nameof(Activity.AddressGroup), filter.AddressGroup), (nameof(Activity.Country), filter.Country),
            (nameof(Activity.Kind), filter.Kind?.ToString()));
        var terms = owners.Length > 0 ? others.Prepend($"({string.Join(" or ", owners)})") : others;
        return string.Concat(terms.Select(term => $" and {term}"));

        static IEnumerable<string> Terms(params (string Column, string? Value)[] columns) =>
            from each in columns where each.Value is not null select $"{each.Column} eq {TableClient.CreateQueryFilter($"{each.Value}")}";
    }

    public static Activity Read(StoredRow row)
    {
        StoredRow.Require(Guid.TryParseExact(row.RowKey.AsSpan(row.RowKey.LastIndexOf(':') + 1), "N", out var id));
        var activity = new Activity(
            row.Word<ActivityKind>(nameof(Activity.Kind)), row.Value<DateTimeOffset>(nameof(Activity.At)),
            row.Text(nameof(Activity.AddressGroup)))
        {
            Id = id,
            AccountKey = row.ParseOrNull<AccountKey>(nameof(Activity.AccountKey), AccountKey.TryParse),
            UserId = row.ParseOrNull<UserId>(nameof(Activity.UserId), UserId.TryParse),
            SessionId = row.ParseOrNull<SessionId>(nameof(Activity.SessionId), SessionId.TryParse),
            EndReason = row.TextOrNull(nameof(Activity.EndReason)) is { } reason ? new(reason) : null,
            Duration = row.SpanOrNull("DurationSeconds", TimeSpan.FromSeconds(1)),
            Generation = row.ValueOrNull<int>(nameof(Activity.Generation)),
            System = row.TextOrNull(nameof(Activity.System)),
            Browser = row.TextOrNull(nameof(Activity.Browser)),
            Locks = row.ValueOrNull<bool>(nameof(Activity.Locks)) == true,
            NewDevice = row.ValueOrNull<bool>(nameof(Activity.NewDevice)) == true,
            Country = row.TextOrNull(nameof(Activity.Country)),
            NewCountry = row.ValueOrNull<bool>(nameof(Activity.NewCountry)) == true,
            ImpossibleTravel = row.ValueOrNull<bool>(nameof(Activity.ImpossibleTravel)) == true,
            Change = row.ReadLocationChange(),
        };
        StoredRow.Require(row.RowKey == TimelineKeys.Activity(activity));
        return activity;
    }
}
