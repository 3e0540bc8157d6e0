using Serverless.Sessions.Accounts;
using Serverless.Sessions.Record;

namespace Serverless.Sessions;

/// <summary>
/// Ends one session, for whatever reason: the revocation first (one of a session that lives on costs a refresh), then ending
/// and log entry in one conditional transaction, so that every ending has one reason and one entry.
/// </summary>
public sealed class EndSession(ISessionStore sessions, ITimeline timeline, SessionCache cache, TimeProvider clock)
{
    /// <summary>Ends a session.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="reason">Why.</param>
    /// <param name="client">Who asked; null where nobody did.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<EndSessionResult> ExecuteAsync(
        UserId user, SessionId id, EndReason reason, ClientInfo? client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var now = clock.Now();
        var entry = new LogEntry
        {
            Action = LogAction.Of(reason),
            At = now,
            SessionId = id,
            Client = client,
            Error = reason == EndReason.TokenReuse ? reason.Name : null,
        };
        Task? beside = null;
        while (true)
        {
            var stored = await sessions.FindAsync(user, id, cancellationToken).ConfigureAwait(false);
            if (stored is null)
                return new EndSessionResult.Over(EndReason.Unknown);
            // A retry within the storage client may find its own first try: then this request is what ended the session.
            if (stored.Session.Ending?.EntryId == entry.Id && beside is not null)
                return await DoneAsync(beside).ConfigureAwait(false);
            if (stored.Session.EndingAt(now) is { } ending)
                return new EndSessionResult.Over(ending.Reason);

            var ended = stored.Session.End(reason, now, entry.Id);
            if (beside is null)
            {
                await timeline.RevokeAsync(id, now, cancellationToken).ConfigureAwait(false);
                beside = timeline.RecordAsync(ToActivity(ended, client), cancellationToken);
            }

            if (await TryEndAsync(ended, stored.Version, entry, cancellationToken).ConfigureAwait(false))
                return await DoneAsync(beside).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryEndAsync(
        Session ended, RowVersion expected, LogEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            return await sessions.TryEndAsync(ended, expected, entry, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Also after a failure: the ending may have happened and only its reply was lost.
            cache.Drop(ended.Id);
        }
    }

    private static async Task<EndSessionResult> DoneAsync(Task beside)
    {
        await beside.ConfigureAwait(false);
        return new EndSessionResult.Ended();
    }

    // Several who end a session at the same time all record it; its id says that it is one ending.
    private static Activity ToActivity(Session ended, ClientInfo? client) => new()
    {
        Id = ended.Id.ToGuid(),
        Kind = ActivityKind.SessionEnded,
        At = ended.Ending!.At,
        AddressGroup = IpAddressGroup.Of((client ?? ended.Client).IpAddress),
        UserId = ended.UserId,
        SessionId = ended.Id,
        EndReason = ended.Ending.Reason,
        Duration = ended.Ending.At - ended.CreatedAt,
    };
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
    /// <param name="Reason">Why.</param>
    public sealed record Over(EndReason Reason) : EndSessionResult;
}
