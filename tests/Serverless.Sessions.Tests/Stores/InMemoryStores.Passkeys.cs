namespace Serverless.Sessions.Tests;

internal sealed partial class InMemoryStores
{
    private readonly Dictionary<(UserId User, PasskeyId Id), Passkey> _passkeys = [];
    private readonly Dictionary<(UserId User, string Digest), UsedChallenge> _challenges = [];
    private readonly Dictionary<(UserId User, Ulid Epoch), RowVersion> _touched = [];

    public Task<PasskeyFile> ReadAsync(UserId user, CancellationToken cancellationToken) => Locked(() => new PasskeyFile(
        [.. _passkeys.Where(each => each.Key.User == user).Select(each => each.Value).OrderBy(passkey => passkey.CreatedAt)],
        [.. _challenges.Where(each => each.Key.User == user).Select(each => each.Value)],
        [
            .. _epochs.Where(each => each.Key.User == user).OrderBy(each => each.Key.Epoch.ToString(), StringComparer.Ordinal)
                .Select(each => new OpenEpoch(each.Key.Epoch, each.Value, VersionOf(user, each.Key.Epoch))),
        ]));

    public Task<bool> TryAddFirstAsync(Account account, Passkey passkey, CancellationToken cancellationToken) => Locked(() =>
        _users.Add(account.Id) && Put(_epochs, (account.Id, account.Epoch), account.Email.ToAccountKey())
        && Put(_passkeys, (account.Id, passkey.Id), passkey with { Version = NewVersion() }));

    public Task RemoveFirstAsync(Account account, Passkey passkey, CancellationToken cancellationToken) => Locked(() =>
    {
        if (_epochs.Remove((account.Id, account.Epoch)))
        {
            _users.Remove(account.Id);
            _passkeys.Remove((account.Id, passkey.Id));
        }
    });

    public Task RemoveAbandonedAsync(UserId user, PasskeyFile abandoned, CancellationToken cancellationToken) => Locked(() =>
    {
        if (!abandoned.Epochs.All(epoch => IsAsRead(user, epoch)))
            return;
        _users.Remove(user);
        foreach (var open in abandoned.Epochs)
            _epochs.Remove((user, open.Epoch));
        foreach (var passkey in abandoned.Passkeys)
            _passkeys.Remove((user, passkey.Id));
    });

    public Task<bool> TryAddAsync(
        StoredSession session, Passkey passkey, ChallengeUse challenge, OpenEpoch epoch, LogEntry entry, Notice notice,
        CancellationToken cancellationToken) => Locked(() =>
    {
        var user = session.Session.UserId;
        if (_passkeys.ContainsKey((user, passkey.Id)) || !IsAsRead(user, epoch)
            || FindInState(session.Session.Id, session.Version) is not { } known || !TryUse(user, challenge))
        {
            return false;
        }

        _sessions[known.Id] = new(known, NewVersion());
        Touch(user, epoch.Epoch);
        _log.Add((LogOwner.Of(user), entry));
        Notify(user, notice);
        return Put(_passkeys, (user, passkey.Id), passkey with { Version = NewVersion() });
    });

    public Task<bool> TryRemoveAsync(
        UserId user, StoredSession? session, IReadOnlyList<Passkey> removed, OpenEpoch epoch, IReadOnlyList<LogEntry> entries,
        CancellationToken cancellationToken) =>
        Locked(() =>
        {
            if (removed.Any(passkey => _passkeys.GetValueOrDefault((user, passkey.Id))?.Version != passkey.Version) || !IsAsRead(user, epoch)
                || (session is not null && FindInState(session.Session.Id, session.Version) is null))
            {
                return false;
            }

            if (session is not null)
                _sessions[session.Session.Id] = new(_sessions[session.Session.Id].Session, NewVersion());
            Touch(user, epoch.Epoch);
            _log.AddRange(entries.Select(entry => (LogOwner.Of(user), entry)));
            return removed.All(passkey => _passkeys.Remove((user, passkey.Id)));
        });

    public Task<bool> TryReviewAsync(
        UserId user, StoredSession? session, IReadOnlyList<Passkey> reviewed, OpenEpoch epoch, LogEntry? entry,
        CancellationToken cancellationToken) =>
        Locked(() =>
        {
            if (reviewed.Any(passkey => _passkeys.GetValueOrDefault((user, passkey.Id))?.Version != passkey.Version) || !IsAsRead(user, epoch)
                || (session is not null && FindInState(session.Session.Id, session.Version) is null))
            {
                return entry is not null && _log.Any(each => each.Entry.Id == entry.Id);
            }

            if (session is not null)
                _sessions[session.Session.Id] = new(_sessions[session.Session.Id].Session, NewVersion());
            Touch(user, epoch.Epoch);
            if (entry is not null)
                _log.Add((LogOwner.Of(user), entry));
            return reviewed.All(passkey => Put(
                _passkeys, (user, passkey.Id), _passkeys[(user, passkey.Id)] with { IsForReview = passkey.IsForReview, Version = NewVersion() }));
        });

    public Task<bool> TryRenameAsync(UserId user, Passkey renamed, CancellationToken cancellationToken) => Locked(() =>
        _passkeys.GetValueOrDefault((user, renamed.Id)) is { } known && known.Version == renamed.Version
        && Put(_passkeys, (user, renamed.Id), known with { Name = renamed.Name, Version = NewVersion() }));

    public Task<bool> TryRefuseAsync(
        UserId user, ChallengeUse challenge, LogEntry entry, Notice notice, CancellationToken cancellationToken) => Locked(() =>
    {
        if (!TryUse(user, challenge))
            return _log.Any(each => each.Entry.Id == entry.Id);
        _log.Add((LogOwner.Of(user), entry));
        Notify(user, notice);
        return true;
    });

    private bool TryUse(UserId user, PasskeyUse? use)
    {
        if (use is null)
            return true;
        var (key, next) = ((user, use.Passkey.Id), use.Passkey);
        if (_passkeys.GetValueOrDefault(key) is not { } known || known.Version != next.Version || !TryUse(user, use.Challenge))
            return false;
        return Put(_passkeys, key, known with
        {
            SignatureCount = next.SignatureCount,
            IsBackedUp = next.IsBackedUp,
            LastUsedAt = next.LastUsedAt,
            Version = NewVersion(),
        });
    }

    private bool TryUse(UserId user, ChallengeUse challenge)
    {
        if (challenge.Expired.Any(each => !_challenges.ContainsKey((user, each.Digest))) || !_challenges.TryAdd((user, challenge.Used.Digest), challenge.Used))
            return false;
        foreach (var expired in challenge.Expired)
            _challenges.Remove((user, expired.Digest));
        return true;
    }

    private bool IsAsRead(UserId user, OpenEpoch epoch) =>
        _epochs.ContainsKey((user, epoch.Epoch)) && VersionOf(user, epoch.Epoch) == epoch.Version;

    private bool IsTouched(UserId user, Ulid epoch)
    {
        Touch(user, epoch);
        return _epochs.ContainsKey((user, epoch));
    }

    private void Touch(UserId user, Ulid epoch) => _touched[(user, epoch)] = NewVersion();
    private RowVersion VersionOf(UserId user, Ulid epoch) => _touched.GetValueOrDefault((user, epoch), new("v0"));
}
