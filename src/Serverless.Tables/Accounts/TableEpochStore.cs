namespace Serverless.Tables.Accounts;

/// <summary>Epochs in the partition of the user's sessions, so that opening a session checks one in its transaction.</summary>
internal sealed class TableEpochStore(TableSet tables) : IEpochStore
{
    private const string AccountKeyColumn = "AccountKey";

    // The row that counts notices is never deleted, so a repeated request conflicts on it and does nothing.
    public Task OpenFirstEpochAsync(Account account, CancellationToken cancellationToken) =>
        tables.Sessions.SubmitAsync(OpenFirst(account), cancellationToken);

    public Task RemoveFirstEpochAsync(Account account, CancellationToken cancellationToken) =>
        tables.Sessions.SubmitAsync(RemoveFirst(account), cancellationToken);

    public Task<bool> TryOpenEpochAsync(Account changed, Ulid? behind, CancellationToken cancellationToken) =>
        tables.Sessions.TrySubmitAsync(
            behind is { } before ? [Open(changed), IsOpen(changed.Id, before)] : [Open(changed)], cancellationToken);

    public async Task<AccountKey?> FindAccountKeyAsync(UserId user, CancellationToken cancellationToken) =>
        (await ReadAsync(user, cancellationToken).FirstOrDefaultAsync(cancellationToken))?.Account;

    public async Task<IReadOnlyList<Ulid>> ListEpochsAsync(UserId user, CancellationToken cancellationToken) =>
        await ReadAsync(user, cancellationToken).Select(open => open.Epoch).ToListAsync(cancellationToken);

    public async Task CloseEpochAsync(UserId user, Ulid? epoch, LogEntry? entry, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> actions = [];
        if (epoch is { } open)
            actions.Add(RowChange.Delete(user.ToString(), AccountKeys.Epoch(open)));
        if (entry is not null)
            actions.Add(RowChange.Add(LogRow.Write(LogOwner.Of(user), entry)));
        if (actions.Count == 0)
            return;

        var answer = await tables.Sessions.SubmitAsync(actions, cancellationToken);
        // Already closed: by an earlier try with this entry, which the append then finds by its id, or by an operator.
        if (answer.Conflict == Conflict.NotFound && entry is not null)
            await tables.Sessions.SaveAsync(LogRow.Write(LogOwner.Of(user), entry), null, cancellationToken);
    }

    public Task<bool> TryMoveEpochAsync(
        Account moved, IReadOnlyList<Ulid> open, LogEntry entry, CancellationToken cancellationToken) => tables.Sessions.TrySubmitAsync(
        [
            .. open.Select(epoch => RowChange.Delete(moved.Id.ToString(), AccountKeys.Epoch(epoch))),
            Open(moved), RowChange.Add(LogRow.Write(LogOwner.Of(moved.Id), entry)),
        ], cancellationToken);

    public static IEnumerable<TableTransactionAction> OpenFirst(Account account) =>
        [Open(account), RowChange.Add(NoticeRow.WriteCount(account.Id, 0))];

    public static IEnumerable<TableTransactionAction> RemoveFirst(Account account) =>
        new[] { AccountKeys.Epoch(account.Epoch), MailboxKeys.NoticeCount(account.Id) }
            .Select(row => RowChange.Delete(account.Id.ToString(), row));

    /// <summary>Changes nothing, and fails if the epoch is closed.</summary>
    public static TableTransactionAction IsOpen(UserId user, Ulid epoch) =>
        RowChange.Merge(new(user.ToString(), AccountKeys.Epoch(epoch)));

    private static TableTransactionAction Open(Account account) => RowChange.Upsert(
        new(account.Id.ToString(), AccountKeys.Epoch(account.Epoch)) { [AccountKeyColumn] = account.Email.ToAccountKey().Value });

    public static OpenEpoch Read(StoredRow row) =>
        new(AccountKeys.ReadEpoch(row), row.Parse<AccountKey>(AccountKeyColumn, AccountKey.TryParse), row.Version);

    private IAsyncEnumerable<OpenEpoch> ReadAsync(UserId user, CancellationToken cancellationToken) =>
        tables.Sessions.ReadAsync(AccountKeys.Epochs.FilterRows(user.ToString()), Read, cancellationToken);
}
