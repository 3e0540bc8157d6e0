using Serverless.Sessions.Accounts;

namespace Serverless.Sessions.Devices;

/// <summary>Logs a user out everywhere, or everywhere else, logins that are under way included.</summary>
public sealed class EndAllSessions(AccountFence fence, EndSessions endSessions)
{
    /// <summary>Logs out.</summary>
    /// <param name="session">The session that asks.</param>
    /// <param name="reason">Why.</param>
    /// <param name="except">The session that lives on, if one does.</param>
    /// <param name="client">Who asked.</param>
    /// <param name="cancellationToken">Gives up; what is ended by then stays ended.</param>
    public async Task ExecuteAsync(
        Session session, EndReason reason, SessionId? except, ClientInfo client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        await fence.ChangeAsync(session.Email.ToAccountKey(), account => account, cancellationToken).ConfigureAwait(false);
        await endSessions.ExecuteAsync(session.UserId, reason, except, client, cancellationToken).ConfigureAwait(false);
    }
}
