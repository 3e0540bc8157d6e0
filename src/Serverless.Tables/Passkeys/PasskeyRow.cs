namespace Serverless.Tables.Passkeys;

internal static class PasskeyRow
{
    public static TableEntity Write(UserId user, Passkey passkey)
    {
        var row = ForUse(user, passkey);
        row[nameof(Passkey.CredentialId)] = passkey.CredentialId.ToArray();
        row[nameof(Passkey.PublicKey)] = passkey.PublicKey.ToArray();
        row[nameof(Passkey.Aaguid)] = passkey.Aaguid;
        row[nameof(Passkey.Name)] = passkey.Name;
        row[nameof(Passkey.CreatedAt)] = passkey.CreatedAt;
        row[nameof(Passkey.IsBackupEligible)] = passkey.IsBackupEligible;
        row[nameof(Passkey.Transports)] = string.Join(',', passkey.Transports);
        return row.WithoutNulls();
    }

    public static TableEntity ForUse(UserId user, Passkey passkey) => new TableEntity(user.ToString(), PasskeyKeys.Passkey(passkey.Id))
    {
        [nameof(Passkey.SignatureCount)] = (long)passkey.SignatureCount,
        [nameof(Passkey.IsBackedUp)] = passkey.IsBackedUp,
        [nameof(Passkey.LastUsedAt)] = passkey.LastUsedAt,
    }.WithoutNulls();

    public static TableEntity ForName(UserId user, Passkey passkey) => new(user.ToString(), PasskeyKeys.Passkey(passkey.Id))
    {
        [nameof(Passkey.Name)] = passkey.Name,
    };

    public static Passkey Read(StoredRow row) => new(
        PasskeyKeys.ReadPasskey(row), Bytes(row, nameof(Passkey.CredentialId)), Bytes(row, nameof(Passkey.PublicKey)),
        row.Value<Guid>(nameof(Passkey.Aaguid)), row.Text(nameof(Passkey.Name)), row.Value<DateTimeOffset>(nameof(Passkey.CreatedAt)))
    {
        SignatureCount = row.Value<long>(nameof(Passkey.SignatureCount)) is >= 0 and <= uint.MaxValue and var count
            ? (uint)count : throw new UnreadableRowException(nameof(Passkey.SignatureCount)),
        IsBackupEligible = row.Value<bool>(nameof(Passkey.IsBackupEligible)),
        IsBackedUp = row.Value<bool>(nameof(Passkey.IsBackedUp)),
        LastUsedAt = row.ValueOrNull<DateTimeOffset>(nameof(Passkey.LastUsedAt)),
        Transports = row.Words(nameof(Passkey.Transports)),
        Version = row.Version,
    };

    public static TableEntity Write(UserId user, UsedChallenge challenge) =>
        new(user.ToString(), PasskeyKeys.Challenge(challenge.Digest)) { [nameof(UsedChallenge.ExpiresAt)] = challenge.ExpiresAt };

    public static UsedChallenge ReadChallenge(StoredRow row) =>
        new(PasskeyKeys.ReadChallenge(row.RowKey), row.Value<DateTimeOffset>(nameof(UsedChallenge.ExpiresAt)));

    /// <summary>Uses a challenge, which fails if it is used, and removes those that have expired.</summary>
    public static IEnumerable<TableTransactionAction> Use(UserId user, ChallengeUse challenge) =>
        challenge.Expired.Select(expired => RowChange.Delete(user.ToString(), PasskeyKeys.Challenge(expired.Digest)))
            .Prepend(RowChange.Add(Write(user, challenge.Used)));

    /// <summary>Uses a passkey in the state that was read, with its challenge.</summary>
    public static IEnumerable<TableTransactionAction> Use(UserId user, PasskeyUse? use) => use is null
        ? [] : Use(user, use.Challenge).Prepend(RowChange.Merge(ForUse(user, use.Passkey), use.Passkey.Version));

    private static byte[] Bytes(StoredRow row, string column) => row.BytesOrNull(column) ?? throw new UnreadableRowException(column);
}
