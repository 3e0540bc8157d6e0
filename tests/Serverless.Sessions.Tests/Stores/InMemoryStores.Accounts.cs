namespace Serverless.Sessions.Tests;

internal sealed partial class InMemoryStores
{
    private readonly Dictionary<AccountKey, Account> _accounts = [];
    private readonly Dictionary<AccountKey, Throttle> _throttles = [];
    private readonly Dictionary<(AccountKey Account, TokenPurpose Purpose), AccountToken> _tokens = [];
    private readonly Dictionary<(AccountKey Account, Guid Id), MailIntent> _intents = [];
    private readonly Dictionary<(UserId User, Ulid Epoch), AccountKey> _epochs = [];
    private readonly HashSet<UserId> _users = [];

    public Task<StoredAccount> ReadAsync(AccountKey key, CancellationToken cancellationToken) => Locked(() =>
        new StoredAccount(
            _accounts.GetValueOrDefault(key), _throttles.GetValueOrDefault(key, Throttle.Clear),
            _tokens.GetValueOrDefault((key, TokenPurpose.Verify)), _tokens.GetValueOrDefault((key, TokenPurpose.Reset))));

    public Task<AccountPage> ListAsync(AccountKey? after, int limit, CancellationToken cancellationToken) => Locked(() =>
    {
        var rest = _accounts
            .Where(each => string.CompareOrdinal(each.Key.Value, after?.Value) > 0
                && each.Value.State is not (AccountState.Moved or AccountState.Erasing))
            .OrderBy(each => each.Key.Value, StringComparer.Ordinal).ToList();
        return new AccountPage([.. rest.Take(limit).Select(each => each.Value)], rest.Count > limit ? rest[limit - 1].Key : null);
    });

    public Task<bool> TryAddAsync(Account account, AccountWrites? along, CancellationToken cancellationToken) => Locked(() =>
        !_accounts.ContainsKey(account.Email.ToAccountKey()) && TryWrite(account.Email.ToAccountKey(), along)
        && Put(_accounts, account.Email.ToAccountKey(), account with { Version = NewVersion() }));

    public Task<bool> TryReplaceAsync(Account account, AccountWrites? along, CancellationToken cancellationToken) => Locked(() =>
        _accounts.GetValueOrDefault(account.Email.ToAccountKey()) is { } known && known.Version == account.Version
        && TryWrite(account.Email.ToAccountKey(), along)
        && Put(_accounts, account.Email.ToAccountKey(), account with { Version = NewVersion() }));

    public Task<bool> TryRemoveAsync(Account account, CancellationToken cancellationToken) => Locked(() =>
        _accounts.GetValueOrDefault(account.Email.ToAccountKey())?.Version == account.Version
        && _accounts.Remove(account.Email.ToAccountKey()));

    public Task<bool> TryWriteAsync(AccountKey key, AccountWrites writes, CancellationToken cancellationToken) =>
        Locked(() => TryWrite(key, writes));

    public Task<MailIntent?> FindIntentAsync(AccountKey key, Guid id, CancellationToken cancellationToken) =>
        Locked(() => _intents.GetValueOrDefault((key, id)));

    public Task RemoveIntentAsync(AccountKey key, Guid id, CancellationToken cancellationToken) =>
        Locked(() => _intents.Remove((key, id)));

    public Task<bool> TrySaveAsync(AccountKey key, Throttle throttle, CancellationToken cancellationToken) => Locked(() =>
        _throttles.GetValueOrDefault(key)?.Version == throttle.Version
        && (throttle is { IsClear: true, Version: not null } ? _throttles.Remove(key) : Put(_throttles, key, throttle with { Version = NewVersion() })));

    public Task OpenFirstEpochAsync(Account account, CancellationToken cancellationToken) =>
        Locked(() => _users.Add(account.Id) && _epochs.TryAdd((account.Id, account.Epoch), account.Email.ToAccountKey()));

    public Task RemoveFirstEpochAsync(Account account, CancellationToken cancellationToken) =>
        Locked(() => _users.Remove(account.Id) && _epochs.Remove((account.Id, account.Epoch)));

    public Task<bool> TryOpenEpochAsync(Account changed, Ulid? behind, CancellationToken cancellationToken) => Locked(() =>
        (behind is not { } before || IsTouched(changed.Id, before))
        && Put(_epochs, (changed.Id, changed.Epoch), changed.Email.ToAccountKey()));

    public Task<AccountKey?> FindAccountKeyAsync(UserId user, CancellationToken cancellationToken) => Locked<AccountKey?>(() =>
        _epochs.Where(epoch => epoch.Key.User == user).Select(epoch => (AccountKey?)epoch.Value).FirstOrDefault());

    public Task<IReadOnlyList<Ulid>> ListEpochsAsync(UserId user, CancellationToken cancellationToken) => Locked<IReadOnlyList<Ulid>>(() =>
        [.. _epochs.Keys.Where(epoch => epoch.User == user).Select(epoch => epoch.Epoch)]);

    public Task<bool> TryMoveEpochAsync(
        Account moved, IReadOnlyList<Ulid> open, LogEntry entry, CancellationToken cancellationToken) => Locked(() =>
    {
        if (open.Any(epoch => !_epochs.ContainsKey((moved.Id, epoch))) || _log.Any(each => each.Entry.Id == entry.Id))
            return false;
        foreach (var epoch in open)
            _epochs.Remove((moved.Id, epoch));
        _log.Add((LogOwner.Of(moved.Id), entry));
        return Put(_epochs, (moved.Id, moved.Epoch), moved.Email.ToAccountKey());
    });

    public Task CloseEpochAsync(UserId user, Ulid? epoch, LogEntry? entry, CancellationToken cancellationToken) => Locked(() =>
    {
        if (epoch is { } open)
            _epochs.Remove((user, open));
        if (entry is not null && !_log.Any(each => each.Entry.Id == entry.Id))
            _log.Add((LogOwner.Of(user), entry));
    });

    private bool TryWrite(AccountKey key, AccountWrites? writes)
    {
        if ((writes?.Use is { } use && _tokens.GetValueOrDefault((key, use.Purpose))?.Version != use.Version)
            || (writes is { Issue: { } next, ReplacesAny: false } && _tokens.GetValueOrDefault((key, next.Purpose))?.Version != next.Version)
            || (writes?.Mail is { } sent && _intents.ContainsKey((key, sent.Id)))
            || (writes?.Throttle is { } expected && _throttles.GetValueOrDefault(key)?.Version != expected.Version))
        {
            return false;
        }

        if (writes?.Use is { } used)
            _tokens.Remove((key, used.Purpose));
        if (writes?.Issue is { } issue)
            _tokens[(key, issue.Purpose)] = issue with { Version = NewVersion() };
        if (writes?.Mail is { } mail)
            _intents.Add((key, mail.Id), mail);
        if (writes?.ClearThrottle == true)
            _throttles[key] = Throttle.Clear with { Version = NewVersion() };
        if (writes?.Throttle is { } throttle)
            _throttles[key] = throttle with { Version = NewVersion() };
        return true;
    }
}
