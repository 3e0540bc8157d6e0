namespace Serverless.Tables.Timeline;

internal static class ActivityRow
{
    public static TableEntity Write(Activity activity, string partition)
    {
        var row = new TableEntity(partition, TimelineKeys.Activity(activity))
        {
            [nameof(Activity.Kind)] = activity.Kind.ToString(),
            [nameof(Activity.At)] = activity.At,
            [nameof(Activity.AddressGroup)] = activity.AddressGroup,
        };
        if (activity.AccountKey is { } key)
            row[nameof(Activity.AccountKey)] = key.Value;
        if (activity.UserId is { } user)
            row[nameof(Activity.UserId)] = user.ToString();
        if (activity.SessionId is { } session)
            row[nameof(Activity.SessionId)] = session.ToString();
        if (activity.EndReason is { } reason)
            row[nameof(Activity.EndReason)] = reason.Name;
        if (activity.Duration is { } duration)
            row["DurationSeconds"] = duration.TotalSeconds;
        if (activity.Generation is { } generation)
            row[nameof(Activity.Generation)] = generation;
        if (activity.System is { } system)
            row[nameof(Activity.System)] = system;
        if (activity.Browser is { } browser)
            row[nameof(Activity.Browser)] = browser;
        if (activity.Locks)
            row[nameof(Activity.Locks)] = true;
        if (activity.NewDevice)
            row[nameof(Activity.NewDevice)] = true;
        return row;
    }

    public static Activity Read(StoredRow row)
    {
        StoredRow.Require(Guid.TryParseExact(row.RowKey.AsSpan(row.RowKey.LastIndexOf(':') + 1), "N", out var id));
        var activity = new Activity
        {
            Id = id,
            Kind = row.Word<ActivityKind>(nameof(Activity.Kind)),
            At = row.Value<DateTimeOffset>(nameof(Activity.At)),
            AddressGroup = row.Text(nameof(Activity.AddressGroup)),
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
        };
        StoredRow.Require(row.RowKey == TimelineKeys.Activity(activity));
        return activity;
    }
}
