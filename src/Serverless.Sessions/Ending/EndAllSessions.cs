using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Ending;

/// <summary>Logs a user out everywhere, or everywhere else, logins that are under way included.</summary>
public sealed class EndAllSessions(AccountFence fence, TimeProvider clock)
{
    /// <summary>Logs out.</summary>
    /// <param name="email">The user's email.</param>
    /// <param name="except">The session that lives on, if one does.</param>
    /// <param name="by">Who asked.</param>
    /// <param name="cancellationToken">Cancels, until the first write.</param>
    public async Task ExecuteAsync(
        UserId user, Email email, EndReason reason, SessionId? except, Actor by, CancellationToken cancellationToken)
    {
        var change = new AccountChange { At = clock.Now(), Ends = reason, Except = except, By = by };
        await fence.ChangeAsync(email.ToAccountKey(), account => account.Id == user ? (account, change) : null, cancellationToken);
    }
}
