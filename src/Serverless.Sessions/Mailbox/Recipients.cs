namespace Serverless.Sessions.Mailbox;

/// <summary>Whether a user can receive messages: has an account that isn't disabled. Cached for a minute if so; a no isn't
/// cached, as the account may be created or enabled at any moment.</summary>
public sealed class Recipients(FindAccount findAccount, TimeProvider clock)
{
    private const int MaximumUsers = 10_000;

    private readonly ReadThroughCache<UserId, bool> _accepted = new(MaximumUsers, TimeSpan.FromMinutes(1), clock, keeps: accepts => accepts);

    internal ValueTask<bool> AcceptAsync(UserId user, CancellationToken cancellationToken) => _accepted.GetAsync(
        user, async token => await findAccount.ExecuteAsync(user, token) is { State: AccountState.Active }, cancellationToken);
}
