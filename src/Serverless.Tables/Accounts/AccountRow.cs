using Azure.Data.Tables;
using Serverless.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Devices;

namespace Serverless.Tables.Accounts;

/// <summary>An account and its throttle as rows.</summary>
internal static class AccountRow
{
    public static TableEntity Write(Account account)
    {
        var key = account.Email.ToAccountKey();
        var row = new TableEntity(key.Value, TableKeys.Account(key))
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
        if (account.Unfinished is { } change)
            UnfinishedColumns.Write(row, change);
        return row;
    }

    public static Account Read(TableEntity row)
    {
        if (!UserId.TryParse(row.GetString("UserId"), out var id)
            || row.GetString(nameof(Account.Email)) is not { } address
            // Only the account that was asked for: what can't be found under its own email can't be changed either.
            || Email.OfStored(address, row.GetString(nameof(Email.Address))) is var email && email.ToAccountKey().Value != row.PartitionKey
            || !Ulid.TryParse(row.GetString(nameof(Account.Epoch)), out var epoch)
            || !Enum.TryParse<AccountState>(row.GetString(nameof(Account.State)), out var state)
            || row.GetString(nameof(Account.PasswordHash)) is not { } hash)
        {
            throw new StorageUnavailableException("An account row can't be read.");
        }

        return new()
        {
            Id = id,
            Email = email,
            PasswordHash = new(hash),
            Roles = RoleList.Read(row.GetString(nameof(Account.Roles))),
            State = state,
            Epoch = epoch,
            Unfinished = UnfinishedColumns.Read(row),
            Devices = KnownDevices.Read(row.GetBinary(nameof(Account.Devices))),
            CreatedAt = row.GetDateTimeOffset(nameof(Account.CreatedAt)) ?? default,
            Version = new(row.ETag.ToString()),
        };
    }

    public static TableEntity WriteThrottle(AccountKey key, Throttle throttle)
    {
        var row = new TableEntity(key.Value, TableKeys.Throttle(key)) { [nameof(Throttle.Failures)] = throttle.Failures };
        if (throttle.LastFailureAt is { } lastFailureAt)
            row[nameof(Throttle.LastFailureAt)] = lastFailureAt;
        if (throttle.LastFailure is { } lastFailure)
            row[nameof(Throttle.LastFailure)] = lastFailure;
        if (throttle.LockedUntil is { } lockedUntil)
            row[nameof(Throttle.LockedUntil)] = lockedUntil;
        return row;
    }

    public static Throttle ReadThrottle(TableEntity row) => new()
    {
        Failures = row.GetInt32(nameof(Throttle.Failures)) ?? 0,
        LastFailureAt = row.GetDateTimeOffset(nameof(Throttle.LastFailureAt)),
        LastFailure = row.GetGuid(nameof(Throttle.LastFailure)),
        LockedUntil = row.GetDateTimeOffset(nameof(Throttle.LockedUntil)),
        Version = new(row.ETag.ToString()),
    };
}
