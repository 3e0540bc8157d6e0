namespace Serverless.Tables.Accounts;

internal static class IntentRow
{
    public static TableEntity Write(AccountKey key, MailIntent intent) => new TableEntity(key.Value, AccountKeys.Intent(intent.Id))
    {
        [nameof(MailIntent.Kind)] = intent.Kind.ToString(),
        [nameof(MailIntent.To)] = intent.To,
        [nameof(MailIntent.Language)] = intent.Language,
        [nameof(MailIntent.CreatedAt)] = intent.CreatedAt,
        [nameof(MailIntent.ExpiresAt)] = intent.ExpiresAt,
        [nameof(MailIntent.Token)] = intent.Token?.ToString(),
        [nameof(MailIntent.TokenId)] = intent.TokenId,
    }.WithoutNulls();

    public static MailIntent Read(StoredRow row) => new(
        Guid.TryParseExact(row.RowKey.AsSpan("o:".Length), "N", out var id) ? id : throw new UnreadableRowException("key"),
        row.Word<MailKind>(nameof(MailIntent.Kind)), row.TextOrNull(nameof(MailIntent.To)), row.TextOrNull(nameof(MailIntent.Language)),
        row.Value<DateTimeOffset>(nameof(MailIntent.CreatedAt)), row.Value<DateTimeOffset>(nameof(MailIntent.ExpiresAt)),
        row.WordOrNull<TokenPurpose>(nameof(MailIntent.Token)), row.ValueOrNull<Guid>(nameof(MailIntent.TokenId)));
}
