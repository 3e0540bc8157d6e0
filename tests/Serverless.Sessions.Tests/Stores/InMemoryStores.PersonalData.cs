namespace Serverless.Sessions.Tests;

internal sealed partial class InMemoryStores : IPersonalDataStore
{
    public Task<IReadOnlyList<LoggedRow>> ReadLogAsync(LogOwner owner, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<LoggedRow>>(() =>
        [
            .. NewestFirst(owner).Take(IPersonalDataStore.MostAtOnce)
                .Select(entry => new LoggedRow(entry.Id.ToString("N"), entry.At, entry.Action)),
        ]);

    public Task RemoveAsync(LogOwner owner, IReadOnlyList<LoggedRow> rows, CancellationToken cancellationToken) => Locked(() =>
    {
        var names = rows.Select(row => row.Row).ToHashSet();
        _log.RemoveAll(each => each.Owner == owner && names.Contains(each.Entry.Id.ToString("N")));
    });

    public Task AnonymizeActivityAsync(
        UserId user, AccountKey account, DateTimeOffset hour, CancellationToken cancellationToken) => Locked(() =>
    {
        var personal = _activities.Values
            .Where(each => each.At.StartOfHour() == hour && (each.UserId == user || each.AccountKey == account)).ToList();
        foreach (var activity in personal)
        {
            _activities.Remove((activity.At, activity.Id));
            var anonymous = activity.Anonymous();
            _activities[(anonymous.At, anonymous.Id)] = anonymous;
        }
    });

    public IAsyncEnumerable<SecurityEvent> ReadEventsAsync(
        UserId user, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Snapshot(NewestFirst().Where(each => each.UserId == user && each.At >= from && each.At <= to));

    public Task AnonymizeAsync(SecurityEvent personal, CancellationToken cancellationToken) => Locked(() =>
    {
        if (_events.TryGetValue(personal.Position, out var known))
            _events[personal.Position] = known.Anonymous();
    });

    public Task<bool> RemoveRowsAsync(LogOwner owner, CancellationToken cancellationToken) => Locked(() =>
    {
        _log.RemoveAll(each => each.Owner == owner);
        foreach (var cut in _cuts.Keys.Where(cut => cut.Owner == owner).ToList())
            _cuts.Remove(cut);
        if (owner.User is not { } user)
            return true;
        foreach (var session in _sessions.Values.Where(stored => stored.Session.UserId == user).Select(stored => stored.Session.Id).ToList())
        {
            _sessions.Remove(session);
            _presences.Remove(session);
        }

        foreach (var passkey in _passkeys.Keys.Where(passkey => passkey.User == user).ToList())
            _passkeys.Remove(passkey);
        foreach (var challenge in _challenges.Keys.Where(challenge => challenge.User == user).ToList())
            _challenges.Remove(challenge);
        foreach (var epoch in _epochs.Keys.Where(epoch => epoch.User == user).ToList())
            _epochs.Remove(epoch);
        foreach (var conversation in _conversations.Keys.Where(copy => copy.Owner == user).ToList())
            _conversations.Remove(conversation);
        foreach (var key in _messageKeys.Keys.Where(key => key.Owner == user).ToList())
            _messageKeys.Remove(key);
        _notices.RemoveAll(each => each.User == user);
        _messages.RemoveAll(each => each.Owner == user);
        _noticeCounts.Remove(user);
        return true;
    });

    public Task<IReadOnlyList<MailIntent>> ReadMailsAsync(AccountKey account, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<MailIntent>>(() => [.. _intents.Where(each => each.Key.Account == account).Select(each => each.Value)]);

    public Task RemoveBesideAsync(AccountKey account, CancellationToken cancellationToken) => Locked(() =>
    {
        _throttles.Remove(account);
        foreach (var token in _tokens.Keys.Where(token => token.Account == account).ToList())
            _tokens.Remove(token);
        foreach (var intent in _intents.Keys.Where(intent => intent.Account == account).ToList())
            _intents.Remove(intent);
    });
}
