namespace Serverless.Tables.Accounts;

/// <summary>An email per row, in partitions by its first byte, without columns that tell more than when it was added.</summary>
internal sealed class TableEmailIndex(TableSet tables) : IEmailIndex
{
    private const string AddedAt = "AddedAt";

    public Task AddAsync(EmailPosition email, DateTimeOffset now, CancellationToken cancellationToken) => tables.Accounts.UpsertAsync(
        new(AccountKeys.IndexPartition(email.Beginning), AccountKeys.Indexed(email)) { [AddedAt] = now }, cancellationToken);

    public async Task<EmailPage> ReadAsync(string prefix, EmailPosition? after, int limit, CancellationToken cancellationToken)
    {
        var beginning = EmailPosition.BeginningOf(prefix);
        var filter = AccountKeys.IndexedAfter(beginning, after).FilterRows(AccountKeys.IndexPartition(beginning));
        var emails = await tables.Accounts.ReadFirstAsync(filter, limit + 1, AccountKeys.ReadIndexed, cancellationToken);
        return emails.Count <= limit ? new(emails, null) : new([.. emails.Take(limit)], emails[limit - 1]);
    }

    public async Task<bool> TryRemoveAsync(EmailPosition email, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (partition, key) = (AccountKeys.IndexPartition(email.Beginning), AccountKeys.Indexed(email));
        // Twice, since a delete whose answer was lost finds nothing when it is repeated.
        for (var tries = 0; tries < 2; tries++)
        {
            if (await tables.Accounts.FindAsync(partition, key, cancellationToken) is not { } row)
                return true;
            if (row[AddedAt] is DateTimeOffset at && at >= now - EmailPosition.Grace)
                return false;
            if (await tables.Accounts.TryDeleteAsync(partition, key, row.Version, cancellationToken))
                return true;
        }

        return false;
    }
}
