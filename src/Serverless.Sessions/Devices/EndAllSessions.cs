using Serverless.Sessions.Accounts;

namespace Serverless.Sessions.Devices;

/// <summary>Logs a user out everywhere, or everywhere else, logins that are under way included.</summary>
public sealed class EndAllSessions(AccountFence fence, EndSessions endSessions)
{
    /// <summary>Logs out.</summary>
    /// <param name="user">Who.</param>
    /// <param name="email">The user's email.</param>
    /// <param name="reason">Why.</param>
    /// <param name="except">The session that lives on, if one does.</param>
    /// <param name="client">Who asked.</param>
    /// <param name="cancellationToken">Gives up, until the first write.</param>
    public async Task ExecuteAsync(
        UserId user, Email email, EndReason reason, SessionId? except, ClientInfo client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(email);
        await fence.ChangeAsync(email.ToAccountKey(), account => account, cancellationToken).ConfigureAwait(false);
        await endSessions.ExecuteAsync(user, reason, except, client, CancellationToken.None).ConfigureAwait(false);
    }
}
