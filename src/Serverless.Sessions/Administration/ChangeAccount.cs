using Serverless.Sessions.Accounts;
using Serverless.Sessions.Record;

namespace Serverless.Sessions.Administration;

/// <summary>
/// Disables or enables an account, or gives it other roles, logins that are under way included. Disabling ends the sessions;
/// other roles reach them with their next refresh, since the changed row sends it down the reading path, and the routes of
/// this service at once.
/// </summary>
/// <remarks>
/// An administrator must be one after the change, too, or it is taken back: of two who take the role from each other at the same
/// time, whoever looks last finds it gone, so at least one of them keeps it.
/// </remarks>
public sealed class ChangeAccount(
    IAccountStore accounts,
    ISessionStore sessions,
    ITimeline timeline,
    AccountFence fence,
    EndSessions endSessions,
    SessionCache cache,
    TimeProvider clock)
{
    /// <summary>An administrator changes an account.</summary>
    /// <param name="administrator">Who asked, as the session says.</param>
    /// <param name="user">Whose.</param>
    /// <param name="change">What.</param>
    /// <param name="client">From where.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ChangeAccountResult> ExecuteAsync(
        Session administrator, UserId user, AccountChange change, ClientInfo client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(administrator);
        ArgumentNullException.ThrowIfNull(change);
        var own = administrator.Email.ToAccountKey();
        if (!await IsAdministratorAsync(own, cancellationToken).ConfigureAwait(false))
            return new ChangeAccountResult.NotAllowed();
        if (await sessions.FindAccountKeyAsync(user, cancellationToken).ConfigureAwait(false) is not { } key)
            return new ChangeAccountResult.NoAccount();

        Account? before = null;
        var changed = await fence.ChangeAsync(key, account => change.ApplyTo(before = account), cancellationToken).ConfigureAwait(false);
        if (changed is null || before is null)
            return new ChangeAccountResult.NoAccount();
        if (!await IsAdministratorAsync(own, cancellationToken).ConfigureAwait(false))
        {
            await fence.ChangeAsync(key, change.Undoing(before).ApplyTo, cancellationToken).ConfigureAwait(false);
            return new ChangeAccountResult.NotAllowed();
        }

        await ReachSessionsAsync(changed, change, client, cancellationToken).ConfigureAwait(false);
        return new ChangeAccountResult.Changed(changed);
    }

    /// <summary>The settings change an account; nobody needs to be allowed to.</summary>
    /// <param name="key">Which.</param>
    /// <param name="change">What.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ExecuteAsync(AccountKey key, AccountChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (await fence.ChangeAsync(key, change.ApplyTo, cancellationToken).ConfigureAwait(false) is { } changed)
            await ReachSessionsAsync(changed, change, client: null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> IsAdministratorAsync(AccountKey key, CancellationToken cancellationToken) =>
        (await accounts.ReadAsync(key, cancellationToken).ConfigureAwait(false)).Account is { State: AccountState.Active } account
        && account.Roles.Contains(Roles.Admin);

    private async Task ReachSessionsAsync(
        Account changed, AccountChange change, ClientInfo? client, CancellationToken cancellationToken)
    {
        if (changed.State == AccountState.Disabled)
            await endSessions.ExecuteAsync(changed.Id, EndReason.Admin, except: null, client, cancellationToken).ConfigureAwait(false);
        else if (change.Roles is { } roles)
            await GiveRolesAsync(changed.Id, roles, client, cancellationToken).ConfigureAwait(false);
    }

    private async Task GiveRolesAsync(
        UserId user, IReadOnlyList<string> roles, ClientInfo? client, CancellationToken cancellationToken)
    {
        foreach (var each in await sessions.ListAsync(user, cancellationToken).ConfigureAwait(false))
        {
            var stored = each.Stored;
            while (stored is not null && stored.Session.EndingAt(clock.GetUtcNow()) is null && !stored.Session.Roles.SequenceEqual(roles))
            {
                var now = clock.Now();
                var id = stored.Session.Id;
                await timeline.RevokeAsync(id, now, cancellationToken).ConfigureAwait(false);
                var entry = new LogEntry { Action = LogAction.RolesChanged, At = now, SessionId = id, Client = client };
                await sessions.TryGiveRolesAsync(stored.Session with { Roles = roles }, stored.Version, entry, cancellationToken)
                    .ConfigureAwait(false);
                cache.Drop(id);
                stored = await sessions.FindAsync(user, id, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}

/// <summary>A change of an account.</summary>
/// <param name="State">The new state; null leaves it.</param>
/// <param name="Roles">The new roles; null leaves them.</param>
public sealed record AccountChange(AccountState? State, IReadOnlyList<string>? Roles)
{
    /// <summary>The account after it.</summary>
    public Account ApplyTo(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return account with { State = State ?? account.State, Roles = Roles ?? account.Roles };
    }

    /// <summary>The change that takes this one back.</summary>
    /// <param name="before">The account that this one was applied to.</param>
    public AccountChange Undoing(Account before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return new(State is null ? null : before.State, Roles is null ? null : before.Roles);
    }
}

/// <summary>What became of a change.</summary>
public abstract record ChangeAccountResult
{
    private ChangeAccountResult()
    {
    }

    /// <summary>Changed.</summary>
    /// <param name="Account">The account after it.</param>
    public sealed record Changed(Account Account) : ChangeAccountResult;

    /// <summary>There is no such account.</summary>
    public sealed record NoAccount : ChangeAccountResult;

    /// <summary>Who asked is no administrator any more; nothing is changed.</summary>
    public sealed record NotAllowed : ChangeAccountResult;
}
