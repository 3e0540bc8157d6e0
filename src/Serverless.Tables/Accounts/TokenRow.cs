namespace Serverless.Tables.Accounts;

internal static class TokenRow
{
    public static TableEntity Write(AccountKey key, AccountToken token) =>
        new TableEntity(key.Value, AccountKeys.Token(key, token.Purpose))
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
        }.WithoutNulls();

    public static AccountToken Read(StoredRow row, TokenPurpose purpose) => new(
        purpose, row.Value<Guid>("TokenId"), row.Value<DateTimeOffset>(nameof(AccountToken.ExpiresAt)),
        row.Parse<KeyId>(nameof(AccountToken.Key), KeyId.TryParse), row.ParseOrNull<UserId>("UserId", UserId.TryParse),
        row.HashOrNull(nameof(AccountToken.Registration)), row.TextOrNull(nameof(AccountToken.Address)),
        row.ParseOrNull<AccountKey>(nameof(AccountToken.From), AccountKey.TryParse),
        row.ParseOrNull<Ulid>(nameof(AccountToken.Epoch), Ulid.TryParse), row.TextOrNull(nameof(AccountToken.Language)), row.Version)
    {
        RegistrationUntil = row.ValueOrNull<DateTimeOffset>(nameof(AccountToken.RegistrationUntil)),
    };

    public static PasswordHash? HashOrNull(this StoredRow row, string column) =>
        row.TextOrNull(column) is { } text ? new PasswordHash(text) : null;
}
