using Serverless.Sessions.Accounts;
using Serverless.Sessions.Caching;

namespace Serverless.Sessions.Mailbox;

/// <summary>Who may be written to: whoever has an account that isn't disabled. A yes is remembered for a minute; a no isn't, since
/// the account may be made or enabled in the next moment.</summary>
public sealed class Recipients(FindAccount findAccount, TimeProvider clock)
{
    private const int MaximumUsers = 10_000;

    private readonly ReadThroughCache<UserId, bool> _accepted = new(MaximumUsers, TimeSpan.FromMinutes(1), clock, keeps: accepts => accepts);

    internal ValueTask<bool> AcceptAsync(UserId user, CancellationToken cancellationToken) => _accepted.GetAsync(
        user,
        async token => await findAccount.ExecuteAsync(user, token) is { State: AccountState.Active },
        cancellationToken);
}
