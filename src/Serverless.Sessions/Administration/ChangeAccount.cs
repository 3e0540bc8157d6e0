using Serverless.Sessions.Accounts;
using Serverless.Sessions.Record;

namespace Serverless.Sessions.Administration;

/// <summary>
/// Disables or enables an account, or gives it other roles, logins that are under way included. Disabling ends the sessions;
/// other roles reach them with their next refresh, since the changed row sends it down the reading path, and the routes of
/// this service at once.
/// </summary>
public sealed class ChangeAccount(
    ISessionStore sessions, ITimeline timeline, AccountFence fence, EndSessions endSessions, SessionCache cache, TimeProvider clock)
{
    /// <summary>Changes an account.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="state">The new state; null leaves it.</param>
    /// <param name="roles">The new roles; null leaves them.</param>
    /// <param name="client">Who asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The account after the change; null where there is none.</returns>
    public async Task<Account?> ExecuteAsync(
        UserId user, AccountState? state, IReadOnlyList<string>? roles, ClientInfo client, CancellationToken cancellationToken)
    {
        if (await sessions.FindAccountKeyAsync(user, cancellationToken).ConfigureAwait(false) is not { } key)
            return null;
        var changed = await fence.ChangeAsync(
            key,
            account => account with { State = state ?? account.State, Roles = roles ?? account.Roles },
            cancellationToken).ConfigureAwait(false);
        if (changed?.State == AccountState.Disabled)
            await endSessions.ExecuteAsync(user, EndReason.Admin, except: null, client, cancellationToken).ConfigureAwait(false);
        else if (changed is not null && roles is not null)
            await GiveRolesAsync(user, roles, client, cancellationToken).ConfigureAwait(false);
        return changed;
    }

    private async Task GiveRolesAsync(
        UserId user, IReadOnlyList<string> roles, ClientInfo client, CancellationToken cancellationToken)
    {
        foreach (var each in await sessions.ListAsync(user, cancellationToken).ConfigureAwait(false))
        {
            var stored = each.Stored;
            // Also where an earlier try gave them already, and only its reply was lost.
            cache.Drop(stored.Session.Id);
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
