namespace Serverless.Tables.Passkeys;

internal static class PasskeyKeys
{
    private const string PasskeyPrefix = "u:";
    private const string ChallengePrefix = "ux:";

    public static string Passkey(PasskeyId id) => $"{PasskeyPrefix}{id}";

    public static PasskeyId ReadPasskey(StoredRow row) =>
        PasskeyId.TryParse(row.RowKey.AsSpan(PasskeyPrefix.Length), out var id) ? id : throw new UnreadableRowException("key");

    public static bool IsPasskey(string rowKey) => rowKey.StartsWith(PasskeyPrefix, StringComparison.Ordinal);

    public static string Challenge(string digest) => $"{ChallengePrefix}{digest}";
    public static bool IsChallenge(string rowKey) => rowKey.StartsWith(ChallengePrefix, StringComparison.Ordinal);
    public static string ReadChallenge(string rowKey) => rowKey[ChallengePrefix.Length..];

    public static KeyRange Challenges => KeyRange.WithPrefix(ChallengePrefix);

    /// <summary>Passkeys, used challenges and open epochs, with no other kind of row between them.</summary>
    public static KeyRange PasskeysToEpochs => new(PasskeyPrefix, AccountKeys.Epochs.To);
}
