using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Ending;

/// <summary>
/// Keeps an account to its cap on sessions: those used least recently make room for the newest. Of two logins at the same time
/// each sees the other; only the newer evicts the older, or both would be gone.
/// </summary>
public sealed class EvictSessions(ListSessions listSessions, EndSession endSession, IOptions<SessionOptions> options)
{
    /// <summary>Ends what is too many; without a cap it asks storage nothing.</summary>
    /// <param name="user">Whose sessions.</param>
    /// <param name="newest">The session that makes them too many; it is never evicted.</param>
    /// <param name="client">Who logged in.</param>
    /// <param name="cancellationToken">Cancels; the next login goes on.</param>
    public async Task ExecuteAsync(UserId user, SessionId newest, ClientInfo client, CancellationToken cancellationToken)
    {
        var maximum = options.Value.MaximumPerAccount;
        if (maximum == 0)
            return;
        var good = await listSessions.ExecuteAsync(user, cancellationToken);
        if (good.Count <= maximum || good.FirstOrDefault(each => each.Stored.Session.Id == newest) is not { } own)
            return;
        var older = good.Where(each => AgeOf(each).CompareTo(AgeOf(own)) < 0);
        foreach (var each in older.TakeLast(good.Count - maximum))
        {
            await endSession.ExecuteAsync(user, each.Stored.Session.Id, EndReason.Evicted, Actor.Of(client), cancellationToken);
        }
    }

    private static (DateTimeOffset CreatedAt, UInt128 Id) AgeOf(ListedSession listed) =>
        (listed.Stored.Session.CreatedAt, listed.Stored.Session.Id.Value);
}
