namespace Serverless.Tables.Accounts;

internal static class AccountRow
{
    public static TableEntity Write(Account account)
    {
        var key = account.Email.ToAccountKey();
        var row = new TableEntity(key.Value, AccountKeys.Account(key))
        {
            ["UserId"] = account.Id.ToString(),
            [nameof(Account.Email)] = account.Email.Value,
            [nameof(Account.PasswordHash)] = account.PasswordHash.Text,
            [nameof(Account.Roles)] = RoleList.Write(account.Roles),
            [nameof(Account.State)] = account.State.ToString(),
            [nameof(Account.Epoch)] = account.Epoch.ToString(),
            [nameof(Account.CreatedAt)] = account.CreatedAt,
        };
        if (account.Email.Address != account.Email.Value)
            row[nameof(Email.Address)] = account.Email.Address;
        if (account.Devices.ToBytes() is { Length: > 0 } devices)
            row[nameof(Account.Devices)] = devices;
        if (account.PendingChange is { } change)
            PendingChangeColumns.Write(row, change);
        return row;
    }

    public static Account Read(StoredRow row)
    {
        var email = Email.OfStored(row.Text(nameof(Account.Email)), row.TextOrNull(nameof(Email.Address)));
        var key = email.ToAccountKey();
        // A row under the key of another email can't be changed, so it isn't read either.
        StoredRow.Require(row.PartitionKey == key.Value && row.RowKey == AccountKeys.Account(key));
        return new()
        {
            Id = row.Parse<UserId>("UserId", UserId.TryParse),
            Email = email,
            PasswordHash = new(row.Text(nameof(Account.PasswordHash))),
            Roles = RoleList.Read(row.Text(nameof(Account.Roles))),
            State = row.Word<AccountState>(nameof(Account.State)),
            Epoch = row.Parse<Ulid>(nameof(Account.Epoch), Ulid.TryParse),
            PendingChange = PendingChangeColumns.Read(row),
            Devices = KnownDevices.Read(row.BytesOrNull(nameof(Account.Devices))),
            CreatedAt = row.Value<DateTimeOffset>(nameof(Account.CreatedAt)),
            Version = row.Version,
        };
    }

    public static TableEntity WriteThrottle(AccountKey key, Throttle throttle)
    {
        var row = new TableEntity(key.Value, AccountKeys.Throttle(key)) { [nameof(Throttle.Failures)] = throttle.Failures };
        if (throttle.LastFailureAt is { } lastFailureAt)
            row[nameof(Throttle.LastFailureAt)] = lastFailureAt;
        if (throttle.LastFailure is { } lastFailure)
            row[nameof(Throttle.LastFailure)] = lastFailure;
        if (throttle.LockedUntil is { } lockedUntil)
            row[nameof(Throttle.LockedUntil)] = lockedUntil;
        return row;
    }

    public static Throttle ReadThrottle(StoredRow row) => new()
    {
        Failures = row.Value<int>(nameof(Throttle.Failures)),
        LastFailureAt = row.ValueOrNull<DateTimeOffset>(nameof(Throttle.LastFailureAt)),
        LastFailure = row.ValueOrNull<Guid>(nameof(Throttle.LastFailure)),
        LockedUntil = row.ValueOrNull<DateTimeOffset>(nameof(Throttle.LockedUntil)),
        Version = row.Version,
    };
}
