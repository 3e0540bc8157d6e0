namespace Serverless.Tables.Passkeys;

/// <summary>Stores passkeys in the partition of the user's sessions, so that a login reads them with the epochs, and uses them in its
/// transaction.</summary>
internal sealed class TablePasskeyStore(TableSet tables) : IPasskeyStore
{
    // Of a transaction's hundred rows.
    private const int MostEpochs = 50;

    private readonly StoredTable _table = tables.Sessions;

    public async Task<PasskeyFile> ReadAsync(UserId user, CancellationToken cancellationToken)
    {
        var (passkeys, challenges, epochs) = (new List<Passkey>(), new List<UsedChallenge>(), new List<OpenEpoch>());
        var filter = PasskeyKeys.PasskeysToEpochs.FilterRows(user.ToString());
        await foreach (var row in _table.ReadAsync(filter, row => row, cancellationToken))
        {
            if (PasskeyKeys.IsPasskey(row.RowKey) && _table.TryRead(row, PasskeyRow.Read, out var passkey))
                passkeys.Add(passkey);
            else if (PasskeyKeys.IsChallenge(row.RowKey) && _table.TryRead(row, PasskeyRow.ReadChallenge, out var challenge))
                challenges.Add(challenge);
            else if (AccountKeys.IsEpoch(row.RowKey) && _table.TryRead(row, TableEpochStore.Read, out var epoch))
                epochs.Add(epoch);
        }

        return new([.. passkeys.OrderBy(passkey => passkey.CreatedAt)], challenges, epochs);
    }

    // The row that counts notices stays, so a user has this once.
    public Task<bool> TryAddFirstAsync(Account account, Passkey passkey, CancellationToken cancellationToken) => _table.TrySubmitAsync(
        [.. TableEpochStore.OpenFirst(account), RowChange.Add(PasskeyRow.Write(account.Id, passkey))], cancellationToken);

    public Task RemoveFirstAsync(Account account, Passkey passkey, CancellationToken cancellationToken) => _table.SubmitAsync(
        [.. TableEpochStore.RemoveFirst(account), RowChange.Delete(account.Id.ToString(), PasskeyKeys.Passkey(passkey.Id))],
        cancellationToken);

    public Task RemoveAbandonedAsync(UserId user, PasskeyFile abandoned, CancellationToken cancellationToken) => _table.SubmitAsync(
        [
            .. abandoned.Epochs.Take(MostEpochs)
                .Select(open => RowChange.Delete(user.ToString(), AccountKeys.Epoch(open.Epoch), open.Version)),
            .. abandoned.Passkeys.Select(passkey => RowChange.Delete(user.ToString(), PasskeyKeys.Passkey(passkey.Id), passkey.Version)),
            RowChange.Delete(user.ToString(), MailboxKeys.NoticeCount(user)),
        ], cancellationToken);

    public async Task<bool> TryAddAsync(
        StoredSession session, Passkey passkey, ChallengeUse challenge, OpenEpoch epoch, LogEntry entry, Notice notice,
        CancellationToken cancellationToken)
    {
        var user = session.Session.UserId;
        return await _table.TrySubmitAsync(
            [
                RowChange.Add(PasskeyRow.Write(user, passkey)), Touch(user, epoch), Log(user, entry), .. PasskeyRow.Use(user, challenge),
                NotEnded(session),
                .. await NoticeRow.AppendAsync(_table, user, [notice], cancellationToken),
            ], cancellationToken);
    }

    public Task<bool> TryRemoveAsync(
        UserId user, StoredSession? session, IReadOnlyList<Passkey> removed, OpenEpoch epoch, IReadOnlyList<LogEntry> entries,
        CancellationToken cancellationToken) =>
        _table.TrySubmitAsync(
            [
                .. removed.Select(passkey => RowChange.Delete(user.ToString(), PasskeyKeys.Passkey(passkey.Id), passkey.Version)),
                Touch(user, epoch), .. entries.Select(entry => Log(user, entry)),
                .. session is null ? [] : (TableTransactionAction[])[NotEnded(session)],
            ], cancellationToken);

    public async Task<bool> TryReviewAsync(
        UserId user, StoredSession? session, IReadOnlyList<Passkey> reviewed, OpenEpoch epoch, LogEntry? entry,
        CancellationToken cancellationToken) =>
        await _table.TrySubmitAsync(
            [
                .. reviewed.Select(passkey => RowChange.Merge(PasskeyRow.ForReview(user, passkey), passkey.Version)), Touch(user, epoch),
                .. entry is null ? [] : (TableTransactionAction[])[Log(user, entry)],
                .. session is null ? [] : (TableTransactionAction[])[NotEnded(session)],
            ], cancellationToken)
        || (entry is not null && await LogRow.ExistsAsync(_table, LogOwner.Of(user), entry, cancellationToken));

    public Task<bool> TryRenameAsync(UserId user, Passkey renamed, CancellationToken cancellationToken) =>
        _table.TryMergeAsync(PasskeyRow.ForName(user, renamed), renamed.Version, cancellationToken);

    public async Task<bool> TryRefuseAsync(
        UserId user, ChallengeUse challenge, LogEntry entry, Notice notice, CancellationToken cancellationToken) =>
        await _table.TrySubmitAsync(
            [
                Log(user, entry), .. PasskeyRow.Use(user, challenge),
                .. await NoticeRow.AppendAsync(_table, user, [notice], cancellationToken),
            ], cancellationToken)
        || await LogRow.ExistsAsync(_table, LogOwner.Of(user), entry, cancellationToken);

    // Changes nothing but the version, so that of two changes that read the same epoch one fails.
    private static TableTransactionAction Touch(UserId user, OpenEpoch epoch) =>
        RowChange.Merge(new(user.ToString(), AccountKeys.Epoch(epoch.Epoch)), epoch.Version);

    // Changes nothing but the version, and only if the session is as it was read.
    private static TableTransactionAction NotEnded(StoredSession session) => RowChange.Merge(
        new(session.Session.UserId.ToString(), SessionKeys.Session(session.Session.Id)), session.Version);

    private static TableTransactionAction Log(UserId user, LogEntry entry) => RowChange.Add(LogRow.Write(LogOwner.Of(user), entry));
}
