using Serverless.Sessions.Accounts;
using Serverless.Sessions.Audit;
using Serverless.Sessions.Record;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions;

/// <summary>
/// Gives the sessions of a user the account's roles. They reach a session with its next refresh, since the changed row sends it
/// down the reading path, and the routes of this service at once.
/// </summary>
public sealed class GiveRoles(
    ISessionStore sessions, ITimeline timeline, SessionCache cache, KeyRingSource keys, TimeProvider clock)
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
                var ring = await keys.GetAsync(cancellationToken).ConfigureAwait(false);
                var id = stored.Session.Id;
                await timeline.RevokeAsync(id, now, cancellationToken).ConfigureAwait(false);
                var entry = AuditChain.Append(
                    stored.Session.Audit,
                    new()
                    {
                        Action = LogAction.RolesChanged,
                        At = now,
                        SessionId = id,
                        Client = by?.Client,
                        Administrator = by?.Administrator,
                    },
                    user,
                    ring.AuditKeyAt(now));
                var changed = stored.Session with { Roles = roles, Audit = entry.Head };
                await sessions.TryGiveRolesAsync(changed, stored.Version, entry, cancellationToken).ConfigureAwait(false);
                cache.Drop(id);
                stored = await sessions.FindAsync(user, id, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
