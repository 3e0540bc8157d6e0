namespace Serverless.Tables.Accounts;

internal static class AccountRow
{
    private const string Last = "Last";
    private const string Pending = nameof(Account.PendingChange);
    private const string Mailed = "MailedAlerts";
    private const string Unpushed = "UnpushedAlerts";

    public static TableEntity Write(Account account)
    {
        var (key, change) = (account.Email.ToAccountKey(), account.PendingChange);
        return new TableEntity(key.Value, AccountKeys.Account(key))
        {
            ["UserId"] = account.Id.ToString(),
            [nameof(Account.Email)] = account.Email.Value,
            [nameof(Account.PasswordHash)] = account.PasswordHash?.Text,
            [nameof(Account.Roles)] = string.Join(',', account.Roles),
            [nameof(Account.State)] = account.State.ToString(),
            [nameof(Account.Epoch)] = account.Epoch.ToString(),
            [nameof(Account.CreatedAt)] = account.CreatedAt,
            [nameof(Email.Address)] = account.Email.Address == account.Email.Value ? null : account.Email.Address,
            [nameof(Account.Devices)] = account.Devices.ToBytes() is { Length: > 0 } devices ? devices : null,
            [nameof(Account.Places)] = account.Places.IsEmpty ? null : account.Places.ToString(),
            [nameof(Account.EmailVerifiedAt)] = account.EmailVerifiedAt,
            [nameof(Account.IsPasskeyOnly)] = account.IsPasskeyOnly ? true : null,
            [nameof(Account.HasUnprovedPasskeys)] = account.HasUnprovedPasskeys ? true : null,
            [nameof(Account.IsIndexed)] = account.IsIndexed ? true : null,
            [nameof(Account.EraseAt)] = account.EraseAt,
            [nameof(Account.ErasedBackTo)] = account.ErasedBackTo,
            [nameof(Account.Language)] = account.Language,
            [Mailed] = account.Notifications.Mailed is 0 ? null : (int)account.Notifications.Mailed,
            [Unpushed] = account.Notifications.Unpushed is 0 ? null : (int)account.Notifications.Unpushed,
            [nameof(Account.MovedTo)] = account.MovedTo?.Value,
            [nameof(Account.ReservedUntil)] = account.ReservedUntil,
            [nameof(Account.Departures)] = account.Departures.Count > 0 ? string.Join(',', account.Departures) : null,
            [Pending + nameof(AccountChange.Id)] = change?.Id,
            [Pending + nameof(AccountChange.At)] = change?.At,
            [Pending + nameof(AccountChange.Action)] = change?.Action?.Name,
            [Pending + nameof(AccountChange.Ends)] = change?.Ends?.Name,
            [Pending + nameof(AccountChange.Except)] = change?.Except?.ToString(),
            [Pending + nameof(AccountChange.Closes)] = change?.Closes?.ToString(),
            [Pending + nameof(AccountChange.From)] = change?.From?.Value,
            [Pending + nameof(AccountChange.PasskeysSince)] = change?.PasskeysSince,
            [Pending + nameof(AccountChange.ReviewsPasskeys)] = change?.ReviewsPasskeys == true ? true : null,
            [Pending + nameof(Actor.Administrator)] = change?.By?.Administrator?.ToString(),
        }.With(account.LastLocation, Last).With(change?.By?.Client, Pending).WithoutNulls();
    }

    public static Account Read(StoredRow row)
    {
        var email = Email.OfStored(row.Text(nameof(Account.Email)), row.TextOrNull(nameof(Email.Address)));
        var key = email.ToAccountKey();
        // A row under the key of another email can't be changed, so it isn't read either.
        StoredRow.Require(row.PartitionKey == key.Value && row.RowKey == AccountKeys.Account(key));
        return new(
            row.Parse<UserId>("UserId", UserId.TryParse), email, row.HashOrNull(nameof(Account.PasswordHash)),
            row.Words(nameof(Account.Roles)), row.Word<AccountState>(nameof(Account.State)),
            row.Parse<Ulid>(nameof(Account.Epoch), Ulid.TryParse),
            row.Value<DateTimeOffset>(nameof(Account.CreatedAt)),
            ReadPending(row), KnownDevices.Read(row.BytesOrNull(nameof(Account.Devices))), row.Version)
        {
            Places = KnownPlaces.Read(row.TextOrNull(nameof(Account.Places))),
            LastLocation = row.ReadLocation(Last),
            EmailVerifiedAt = row.ValueOrNull<DateTimeOffset>(nameof(Account.EmailVerifiedAt)),
            IsPasskeyOnly = row.ValueOrNull<bool>(nameof(Account.IsPasskeyOnly)) ?? false,
            HasUnprovedPasskeys = row.ValueOrNull<bool>(nameof(Account.HasUnprovedPasskeys)) ?? false,
            IsIndexed = row.ValueOrNull<bool>(nameof(Account.IsIndexed)) ?? false,
            EraseAt = row.ValueOrNull<DateTimeOffset>(nameof(Account.EraseAt)),
            ErasedBackTo = row.ValueOrNull<DateTimeOffset>(nameof(Account.ErasedBackTo)),
            Language = row.TextOrNull(nameof(Account.Language)),
            Notifications = new(
                (AlertTopics)(row.ValueOrNull<int>(Mailed) ?? 0), (AlertTopics)(row.ValueOrNull<int>(Unpushed) ?? 0)),
            MovedTo = row.ParseOrNull<AccountKey>(nameof(Account.MovedTo), AccountKey.TryParse),
            ReservedUntil = row.ValueOrNull<DateTimeOffset>(nameof(Account.ReservedUntil)),
            Departures = ReadDepartures(row),
        };
    }

    public static TableEntity Write(AccountKey key, Throttle throttle) => new TableEntity(key.Value, AccountKeys.Throttle(key))
    {
        [nameof(Throttle.Failures)] = throttle.Failures,
        [nameof(Throttle.LastFailureAt)] = throttle.LastFailureAt,
        [nameof(Throttle.LastFailure)] = throttle.LastFailure,
        [nameof(Throttle.LockedUntil)] = throttle.LockedUntil,
        [nameof(Throttle.RefusalToldAt)] = throttle.RefusalToldAt,
    }.WithoutNulls();

    public static Throttle ReadThrottle(StoredRow row) => new()
    {
        Failures = row.Value<int>(nameof(Throttle.Failures)),
        LastFailureAt = row.ValueOrNull<DateTimeOffset>(nameof(Throttle.LastFailureAt)),
        LastFailure = row.ValueOrNull<Guid>(nameof(Throttle.LastFailure)),
        LockedUntil = row.ValueOrNull<DateTimeOffset>(nameof(Throttle.LockedUntil)),
        RefusalToldAt = row.ValueOrNull<DateTimeOffset>(nameof(Throttle.RefusalToldAt)),
        Version = row.Version,
    };

    private static IReadOnlyList<Ulid> ReadDepartures(StoredRow row) => row.TextOrNull(nameof(Account.Departures)) is not { } text ? []
        : [.. text.Split(',').Select(each => Ulid.TryParse(each, out var departure)
            ? departure : throw new UnreadableRowException(nameof(Account.Departures)))];

    private static AccountChange? ReadPending(StoredRow row) =>
        row.ValueOrNull<Guid>(Pending + nameof(AccountChange.Id)) is not { } id ? null : new(
            At: row.Value<DateTimeOffset>(Pending + nameof(AccountChange.At)),
            Action: row.TextOrNull(Pending + nameof(AccountChange.Action)) is { } action ? new(action) : null,
            Ends: row.TextOrNull(Pending + nameof(AccountChange.Ends)) is { } reason ? new(reason) : null,
            Except: row.ParseOrNull<SessionId>(Pending + nameof(AccountChange.Except), SessionId.TryParse),
            By: row.ParseOrNull<UserId>(Pending + nameof(Actor.Administrator), UserId.TryParse) is { } administrator
                ? Actor.Of(administrator)
                : row.ClientOrNull(Pending) is { } client ? Actor.Of(client) : null,
            Closes: row.ParseOrNull<Ulid>(Pending + nameof(AccountChange.Closes), Ulid.TryParse),
            From: row.ParseOrNull<AccountKey>(Pending + nameof(AccountChange.From), AccountKey.TryParse))
        {
            Id = id,
            PasskeysSince = row.ValueOrNull<DateTimeOffset>(Pending + nameof(AccountChange.PasskeysSince)),
            ReviewsPasskeys = row.ValueOrNull<bool>(Pending + nameof(AccountChange.ReviewsPasskeys)) ?? false,
        };
}
