using Serverless.Sessions.Accounts;
using Serverless.Sessions.Record;

namespace Serverless.Sessions;

/// <summary>
/// Gives the sessions of a user the account's roles. They reach a session with its next refresh, since the changed row sends it
/// down the reading path, and the routes of this service at once.
/// </summary>
public sealed class GiveRoles(ISessionStore sessions, ITimeline timeline, SessionCache cache, TimeProvider clock)
{
    /// <summary>Gives them to all that are good and have others.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="roles">The roles.</param>
    /// <param name="by">Who asked; null where nobody did.</param>
    /// <param name="cancellationToken">Gives up; what has the roles by then keeps them.</param>
    public async Task ExecuteAsync(UserId user, IReadOnlyList<string> roles, Requester? by, CancellationToken cancellationToken)
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
                var entry = new LogEntry
                {
                    Action = LogAction.RolesChanged,
                    At = now,
                    SessionId = id,
                    Client = by?.Client,
                    Administrator = by?.Administrator,
                };
                await sessions.TryGiveRolesAsync(stored.Session with { Roles = roles }, stored.Version, entry, cancellationToken)
                    .ConfigureAwait(false);
                cache.Drop(id);
                stored = await sessions.FindAsync(user, id, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
