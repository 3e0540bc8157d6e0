namespace Serverless.Sessions.Ending;

/// <summary>Logs a user out everywhere or everywhere else, including logins under way.</summary>
public sealed class EndAllSessions(AccountFence fence, TimeProvider clock)
{
    /// <summary>Ignores cancellation after the first write.</summary>
    public async Task ExecuteAsync(
        UserId user, Email email, EndReason reason, SessionId? except, Actor by, CancellationToken cancellationToken)
    {
        var change = new AccountChange { At = clock.Now(), Ends = reason, Except = except, By = by };
        await fence.ChangeAsync(email.ToAccountKey(), account => account.Id == user ? (account, change) : null, cancellationToken);
    }
}
