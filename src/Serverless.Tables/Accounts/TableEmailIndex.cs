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
        var (emails, last) = await tables.Accounts.ReadPageAsync(filter, limit, row => row, cancellationToken);
        return new(
            [.. emails.Select(AccountKeys.ReadIndexed).OfType<EmailPosition>()], last is null ? null : AccountKeys.ReadIndexed(last));
    }

    public async Task<bool> TryRemoveAsync(EmailPosition email, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (partition, key) = (AccountKeys.IndexPartition(email.Beginning), AccountKeys.Indexed(email));
        return await tables.Accounts.FindAsync(partition, key, cancellationToken) is not { } row
            || (!(row[AddedAt] is DateTimeOffset at && at >= now - EmailPosition.Grace)
                && await tables.Accounts.TryDeleteAsync(partition, key, row.Version, cancellationToken));
    }
}
