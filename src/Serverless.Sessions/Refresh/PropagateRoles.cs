namespace Serverless.Sessions.Refresh;

/// <summary>Propagates an account's roles and email to its sessions. This service's routes see them at once; tokens, with the next refresh,
/// which the changed row forces to read the session. It can't be cancelled; each session has a time limit instead.</summary>
public sealed class PropagateRoles(
    ISessionStore sessions, ITimeline timeline, SessionCache cache, KeyRingSource keys, TimeProvider clock)
{
    public async Task ExecuteAsync(UserId user, Email email, IReadOnlyList<string> roles, Actor? by)
    {
        foreach (var each in await Detached.RunAsync(clock, token => sessions.ListAsync(user, token)))
        {
            // Even if the roles match: an earlier try may have written them and lost the reply.
            cache.Drop(each.Stored.Session.Id);
            await Detached.RunAsync(clock, token => GiveAsync(each.Stored, email, roles, by, token));
        }
    }

    private async Task GiveAsync(
        StoredSession? stored, Email email, IReadOnlyList<string> roles, Actor? by, CancellationToken cancellationToken)
    {
        var tries = new Retries(clock);
        while (stored is { Session: var session } && session.EndingAt(clock.GetUtcNow()) is null
            && (session.Email != email || !session.Roles.SequenceEqual(roles)))
        {
            var now = clock.Now();
            var ring = await keys.GetAsync(cancellationToken);
            await timeline.RevokeAsync(session.Id, now, cancellationToken);
            var unchained = new LogEntry(
                session.Roles.SequenceEqual(roles) ? LogAction.EmailChanged : LogAction.RolesChanged,
                now, session.Id, by?.Client, by?.Administrator);
            var entry = AuditChain.Append(session.Audit, unchained, session.UserId, ring.AuditKeyAt(now));
            var changed = session with { Email = email, Roles = roles, Audit = entry.Head };
            var given = await sessions.TryPropagateRolesAsync(changed, stored.Version, entry, cancellationToken);
            cache.Drop(session.Id);
            if (!given)
                await tries.NextAsync(cancellationToken);
            stored = await sessions.FindAsync(session.UserId, session.Id, cancellationToken);
        }
    }
}
