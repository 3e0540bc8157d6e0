namespace Serverless.Tables.Passkeys;

internal static class PasskeyRow
{
    public static TableEntity Write(UserId user, Passkey passkey) => Row(user, passkey).With(passkey).WithoutNulls();

    /// <summary>Adds the columns of a passkey to a row, which may be of something else.</summary>
    public static TableEntity With(this TableEntity row, Passkey passkey, string prefix = "")
    {
        row[prefix + nameof(Passkey.CredentialId)] = passkey.CredentialId.ToArray();
        row[prefix + nameof(Passkey.PublicKey)] = passkey.PublicKey.ToArray();
        row[prefix + nameof(Passkey.Aaguid)] = passkey.Aaguid;
        row[prefix + nameof(Passkey.Name)] = passkey.Name;
        row[prefix + nameof(Passkey.CreatedAt)] = passkey.CreatedAt;
        row[prefix + nameof(Passkey.IsBackupEligible)] = passkey.IsBackupEligible;
        row[prefix + nameof(Passkey.IsForReview)] = passkey.IsForReview ? true : null;
        row[prefix + nameof(Passkey.Transports)] = string.Join(',', passkey.Transports);
        return row.WithUse(passkey, prefix);
    }

    public static TableEntity ForUse(UserId user, Passkey passkey) => Row(user, passkey).WithUse(passkey, prefix: "").WithoutNulls();

    public static TableEntity ForName(UserId user, Passkey passkey) => new(user.ToString(), PasskeyKeys.Passkey(passkey.Id))
    {
        [nameof(Passkey.Name)] = passkey.Name,
    };

    public static TableEntity ForReview(UserId user, Passkey passkey) => new(user.ToString(), PasskeyKeys.Passkey(passkey.Id))
    {
        [nameof(Passkey.IsForReview)] = passkey.IsForReview,
    };

    public static Passkey Read(StoredRow row) => Read(row, "", PasskeyKeys.ReadPasskey(row)) with { Version = row.Version };

    /// <summary>Reads the passkey of a row of something else, which it isn't stored by yet.</summary>
    public static Passkey ReadNew(StoredRow row, string prefix) =>
        Read(row, prefix, PasskeyId.Of(Bytes(row, prefix + nameof(Passkey.CredentialId))));

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

    private static TableEntity Row(UserId user, Passkey passkey) => new(user.ToString(), PasskeyKeys.Passkey(passkey.Id));

    private static TableEntity WithUse(this TableEntity row, Passkey passkey, string prefix)
    {
        row[prefix + nameof(Passkey.SignatureCount)] = (long)passkey.SignatureCount;
        row[prefix + nameof(Passkey.IsBackedUp)] = passkey.IsBackedUp;
        row[prefix + nameof(Passkey.LastUsedAt)] = passkey.LastUsedAt;
        return row;
    }

    private static Passkey Read(StoredRow row, string prefix, PasskeyId id) => new(
        id, Bytes(row, prefix + nameof(Passkey.CredentialId)), Bytes(row, prefix + nameof(Passkey.PublicKey)),
        row.Value<Guid>(prefix + nameof(Passkey.Aaguid)), row.Text(prefix + nameof(Passkey.Name)),
        row.Value<DateTimeOffset>(prefix + nameof(Passkey.CreatedAt)))
    {
        SignatureCount = row.Value<long>(prefix + nameof(Passkey.SignatureCount)) is >= 0 and <= uint.MaxValue and var count
            ? (uint)count : throw new UnreadableRowException(prefix + nameof(Passkey.SignatureCount)),
        IsBackupEligible = row.Value<bool>(prefix + nameof(Passkey.IsBackupEligible)),
        IsBackedUp = row.Value<bool>(prefix + nameof(Passkey.IsBackedUp)),
        IsForReview = row.ValueOrNull<bool>(prefix + nameof(Passkey.IsForReview)) ?? false,
        LastUsedAt = row.ValueOrNull<DateTimeOffset>(prefix + nameof(Passkey.LastUsedAt)),
        Transports = row.Words(prefix + nameof(Passkey.Transports)),
    };

    private static byte[] Bytes(StoredRow row, string column) => row.BytesOrNull(column) ?? throw new UnreadableRowException(column);
}
