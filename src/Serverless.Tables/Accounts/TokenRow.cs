namespace Serverless.Tables.Accounts;

internal static class TokenRow
{
    private const string PasskeyPrefix = nameof(AccountToken.Passkey);
    private const string PasskeyUser = PasskeyPrefix + nameof(NewPasskey.User);

    public static TableEntity Write(AccountKey key, AccountToken token)
    {
        var row = new TableEntity(key.Value, AccountKeys.Token(key, token.Purpose))
        {
            ["TokenId"] = token.Id,
            [nameof(AccountToken.ExpiresAt)] = token.ExpiresAt,
            [nameof(AccountToken.Key)] = token.Key.ToString(),
            ["UserId"] = token.User?.ToString(),
            [nameof(AccountToken.Registration)] = token.Registration?.Text,
            [nameof(AccountToken.RegistrationUntil)] = token.RegistrationUntil,
            [nameof(AccountToken.Address)] = token.Address,
            [nameof(AccountToken.From)] = token.From?.Value,
            [nameof(AccountToken.Epoch)] = token.Epoch?.ToString(),
            [nameof(AccountToken.Language)] = token.Language,
            [PasskeyUser] = token.Passkey?.User.ToString(),
        };
        return (token.Passkey is { } given ? row.With(given.Passkey, PasskeyPrefix) : row).WithoutNulls();
    }

    public static AccountToken Read(StoredRow row, TokenPurpose purpose) => new(
        purpose, row.Value<Guid>("TokenId"), row.Value<DateTimeOffset>(nameof(AccountToken.ExpiresAt)),
        row.Parse<KeyId>(nameof(AccountToken.Key), KeyId.TryParse), row.ParseOrNull<UserId>("UserId", UserId.TryParse),
        row.HashOrNull(nameof(AccountToken.Registration)), row.TextOrNull(nameof(AccountToken.Address)),
        row.ParseOrNull<AccountKey>(nameof(AccountToken.From), AccountKey.TryParse),
        row.ParseOrNull<Ulid>(nameof(AccountToken.Epoch), Ulid.TryParse), row.TextOrNull(nameof(AccountToken.Language)), row.Version)
    {
        RegistrationUntil = row.ValueOrNull<DateTimeOffset>(nameof(AccountToken.RegistrationUntil)),
        Passkey = row.ParseOrNull<UserId>(PasskeyUser, UserId.TryParse) is { } user
            ? new(user, PasskeyRow.ReadNew(row, PasskeyPrefix)) : null,
    };

    public static PasswordHash? HashOrNull(this StoredRow row, string column) =>
        row.TextOrNull(column) is { } text ? new PasswordHash(text) : null;
}
