using Azure.Data.Tables;
using Serverless.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Record;

namespace Serverless.Tables.Timeline;

/// <summary>An activity as a row.</summary>
internal static class ActivityRow
{
    public static TableEntity Write(Activity activity, string partition)
    {
        var row = new TableEntity(partition, TableKeys.ActivityRow(activity))
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
        if (activity.NewDevice)
            row[nameof(Activity.NewDevice)] = true;
        return row;
    }

    public static Activity Read(TableEntity row) => new()
    {
        Id = Guid.ParseExact(row.RowKey.AsSpan(row.RowKey.LastIndexOf(':') + 1), "N"),
        Kind = Enum.Parse<ActivityKind>(row.GetString(nameof(Activity.Kind))),
        At = row.GetDateTimeOffset(nameof(Activity.At)) ?? default,
        AddressGroup = row.GetString(nameof(Activity.AddressGroup)),
        AccountKey = row.GetString(nameof(Activity.AccountKey)) is { } key ? new AccountKey(key) : null,
        UserId = UserId.TryParse(row.GetString(nameof(Activity.UserId)), out var user) ? user : null,
        SessionId = SessionId.TryParse(row.GetString(nameof(Activity.SessionId)), out var session) ? session : null,
        EndReason = row.GetString(nameof(Activity.EndReason)) is { } reason ? EndReason.Of(reason) : null,
        Duration = row.GetDouble("DurationSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Generation = row.GetInt32(nameof(Activity.Generation)),
        System = row.GetString(nameof(Activity.System)),
        Browser = row.GetString(nameof(Activity.Browser)),
        NewDevice = row.GetBoolean(nameof(Activity.NewDevice)) == true,
    };
}
