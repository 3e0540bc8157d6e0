using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Timeline;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.Refresh;

/// <summary>
/// Gives the sessions of a user the account's roles. They reach a session with its next refresh, since the changed row sends it
/// down the reading path, and the routes of this service at once. Nobody can call it off, and each session has a time limit.
/// </summary>
public sealed class PropagateRoles(
    ISessionStore sessions, ITimeline timeline, SessionCache cache, KeyRingSource keys, TimeProvider clock)
{
    /// <summary>Gives them to all that are good and have others.</summary>
    /// <param name="roles">The roles.</param>
    /// <param name="by">Who asked; null where nobody did.</param>
    public async Task ExecuteAsync(UserId user, IReadOnlyList<string> roles, Actor? by)
    {
        foreach (var each in await Detached.RunAsync(clock, token => sessions.ListAsync(user, token)))
        {
            // Also where an earlier try gave them already, and only its reply was lost.
            cache.Drop(each.Stored.Session.Id);
            await Detached.RunAsync(clock, token => GiveAsync(each.Stored, roles, by, token));
        }
    }

    private async Task GiveAsync(StoredSession? stored, IReadOnlyList<string> roles, Actor? by, CancellationToken cancellationToken)
    {
        var tries = new Retries(clock);
        while (stored is { Session: var session } && session.EndingAt(clock.GetUtcNow()) is null && !session.Roles.SequenceEqual(roles))
        {
            var now = clock.Now();
            var ring = await keys.GetAsync(cancellationToken);
            await timeline.RevokeAsync(session.Id, now, cancellationToken);
            var entry = AuditChain.Append(
                session.Audit,
                new()
                {
                    Action = LogAction.RolesChanged,
                    At = now,
                    SessionId = session.Id,
                    Client = by?.Client,
                    Administrator = by?.Administrator,
                },
                session.UserId,
                ring.AuditKeyAt(now));
            var changed = session with { Roles = roles, Audit = entry.Head };
            var given = await sessions.TryPropagateRolesAsync(changed, stored.Version, entry, cancellationToken);
            cache.Drop(session.Id);
            if (!given)
                await tries.NextAsync(cancellationToken);
            stored = await sessions.FindAsync(session.UserId, session.Id, cancellationToken);
        }
    }
}
