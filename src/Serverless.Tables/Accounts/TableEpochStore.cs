namespace Serverless.Tables.Accounts;

/// <summary>Epochs in the partition of the user's sessions, so that opening a session checks one in its transaction.</summary>
internal sealed class TableEpochStore(TableSet tables, ILogStore log, UnreadableRows unreadable) : IEpochStore
{
    private const string AccountKeyColumn = "AccountKey";

    private readonly TableClient _table = tables.Sessions;
    private readonly RowReader _reader = new(unreadable, tables.Sessions.Name);

    // The row that counts notices is never deleted, so a repeated request conflicts on it and does nothing.
    public Task OpenFirstEpochAsync(Account account, CancellationToken cancellationToken) => _table.SubmitAsync(
        [Open(account), new(TableTransactionActionType.Add, NoticeRow.WriteCount(account.Id, 0))], cancellationToken);

    public Task RemoveFirstEpochAsync(Account account, CancellationToken cancellationToken) => _table.SubmitAsync(
        [
            new(TableTransactionActionType.Delete, Row(account.Id, account.Epoch), ETag.All),
            new(TableTransactionActionType.Delete, NoticeRow.WriteCount(account.Id, 0), ETag.All),
        ],
        cancellationToken);

    public async Task<bool> TryOpenEpochAsync(Account changed, Ulid? behind, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> actions = [Open(changed)];
        if (behind is { } before)
            actions.Add(IsOpen(changed.Id, before));
        return (await _table.SubmitAsync(actions, cancellationToken)).Done;
    }

    public async Task<AccountKey?> FindAccountKeyAsync(UserId user, CancellationToken cancellationToken)
    {
        var open = await ReadAsync(user, cancellationToken).FirstOrDefaultAsync(cancellationToken);
        return open?.Account;
    }

    public async Task<IReadOnlyList<Ulid>> ListEpochsAsync(UserId user, CancellationToken cancellationToken) =>
        await ReadAsync(user, cancellationToken).Select(open => open.Epoch).ToListAsync(cancellationToken);

    public async Task CloseEpochAsync(UserId user, Ulid? epoch, LogEntry? entry, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> actions = [];
        if (epoch is { } open)
            actions.Add(new(TableTransactionActionType.Delete, Row(user, open), ETag.All));
        if (entry is not null)
            actions.Add(new(TableTransactionActionType.Add, LogRow.Write(LogOwner.Of(user), entry)));
        if (actions.Count == 0)
            return;

        var answer = await _table.SubmitAsync(actions, cancellationToken);
        // Already closed: by an earlier try with this entry, which the append then finds by its id, or by an operator.
        if (answer.Conflict == Conflict.NotFound && entry is not null)
            await log.AppendAsync(LogOwner.Of(user), entry, cancellationToken);
    }

    /// <summary>Changes nothing, and fails if the epoch is closed.</summary>
    public static TableTransactionAction IsOpen(UserId user, Ulid epoch) =>
        new(TableTransactionActionType.UpdateMerge, Row(user, epoch), ETag.All);

    private IAsyncEnumerable<OpenEpoch> ReadAsync(UserId user, CancellationToken cancellationToken) => _reader.ReadAllAsync(
        _table.ReadRowsAsync(user.ToString(), AccountKeys.Epochs, cancellationToken),
        row =>
        {
            StoredRow.Require(AccountKeys.TryReadEpoch(row.RowKey, out var epoch));
            return new OpenEpoch(epoch, row.Parse<AccountKey>(AccountKeyColumn, AccountKey.TryParse));
        });

    private static TableTransactionAction Open(Account account)
    {
        var row = Row(account.Id, account.Epoch);
        row[AccountKeyColumn] = account.Email.ToAccountKey().Value;
        return new(TableTransactionActionType.UpsertReplace, row);
    }

    private static TableEntity Row(UserId user, Ulid epoch) => new(user.ToString(), AccountKeys.Epoch(epoch));

    private sealed record OpenEpoch(Ulid Epoch, AccountKey Account);
}
