using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Telemetry;
using Serverless.Sessions.Timeline;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.Ending;

/// <summary>
/// Ends one session, for whatever reason: the revocation first (one of a session that lives on costs a refresh), then ending
/// and log entry in one conditional transaction, so that every ending has one reason and one entry.
/// </summary>
public sealed class EndSession(
    ISessionStore sessions, ITimeline timeline, SessionCache cache, KeyRingSource keys, TimeProvider clock, SessionMetrics metrics)
{
    /// <summary>Ends a session.</summary>
    /// <param name="by">Who asked; null where nobody did.</param>
    public Task<EndSessionResult> ExecuteAsync(
        UserId user, SessionId id, EndReason reason, Actor? by, CancellationToken cancellationToken) =>
        ExecuteAsync(user, id, reason, by, isRecorded: false, cancellationToken);

    /// <summary>Ends a session whose ending is recorded as activity already, by somebody who came no further.</summary>
    internal Task<EndSessionResult> FinishAsync(
        UserId user, SessionId id, EndReason reason, Actor? by, CancellationToken cancellationToken) =>
        ExecuteAsync(user, id, reason, by, isRecorded: true, cancellationToken);

    private async Task<EndSessionResult> ExecuteAsync(
        UserId user, SessionId id, EndReason reason, Actor? by, bool isRecorded, CancellationToken cancellationToken)
    {
        var found = await sessions.FindAsync(user, id, cancellationToken);
        // From here on a caller who hangs up changes nothing: half an ending would be a session that lives on.
        return await Detached.RunAsync(clock, token => EndAsync(user, id, found, reason, by, isRecorded, token));
    }

    private async Task<EndSessionResult> EndAsync(
        UserId user, SessionId id, StoredSession? found, EndReason reason, Actor? by, bool isRecorded, CancellationToken cancellationToken)
    {
        var entryId = Guid.NewGuid();
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var now = clock.Now();
            if (found is not { } stored)
                return After(id, new EndSessionResult.NotFound());
            // A retry within the storage client may find its own first try: then this request is what ended the session.
            if (stored.Session.Ending?.EntryId == entryId)
            {
                metrics.CountEnding(reason);
                return After(id, new EndSessionResult.Ended());
            }

            if (stored.Session.EndingAt(now) is { } over)
                return After(id, new EndSessionResult.AlreadyEnded(over.Reason));

            var ring = await keys.GetAsync(cancellationToken);
            var ending = SessionEnding.Of(stored, reason, now, by, entryId, ring.AuditKeyAt(now));
            // Again with each try: what was refreshed meanwhile has a younger token.
            await timeline.RevokeAsync(id, ending.RevokedBefore, cancellationToken);
            var recording = isRecorded ? Task.CompletedTask : timeline.RecordAsync(ending.ToActivity(), cancellationToken);
            // The security event is made of it, and an ending that is stored isn't recorded again: so not beside it, but before.
            if (reason == EndReason.TokenReuse)
                await recording;
            var end = TryEndAsync(ending, reason, cancellationToken);
            await Task.WhenAll(recording, end);
            isRecorded = true;
            if (await end)
                return After(id, new EndSessionResult.Ended());

            found = await sessions.FindAsync(user, id, cancellationToken);
        }
    }

    private async Task<bool> TryEndAsync(SessionEnding ending, EndReason reason, CancellationToken cancellationToken)
    {
        try
        {
            var isEnded = await sessions.TryEndAsync([ending], cancellationToken);
            if (isEnded)
                metrics.CountEnding(reason);
            return isEnded;
        }
        finally
        {
            // Also after a failure: the ending may have happened and only its reply was lost.
            cache.Drop(ending.Ended.Id);
        }
    }

    private EndSessionResult After(SessionId id, EndSessionResult result)
    {
        // Another instance may have ended it; what is told now must not be denied by the next answer.
        cache.Drop(id);
        return result;
    }
}

/// <summary>What became of an ending.</summary>
public abstract record EndSessionResult
{
    private EndSessionResult()
    {
    }

    /// <summary>This request ended it.</summary>
    public sealed record Ended : EndSessionResult;

    /// <summary>It was over before.</summary>
    public sealed record AlreadyEnded(EndReason Reason) : EndSessionResult;

    /// <summary>The user has none of this id, or has it no more.</summary>
    public sealed record NotFound : EndSessionResult;
}
