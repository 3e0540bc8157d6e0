using Microsoft.Extensions.Caching.Memory;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Administration;

namespace Serverless.Sessions.Mailbox;

/// <summary>Who may be written to: whoever has an account that isn't disabled. A yes is remembered for a minute; a no isn't, since
/// the account may be made or enabled in the next moment.</summary>
public sealed class Recipients(FindAccount findAccount, TimeProvider clock) : IDisposable
{
    private const int MaximumUsers = 10_000;

    private static readonly TimeSpan Staleness = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _found = new(new MemoryCacheOptions { SizeLimit = MaximumUsers });

    /// <inheritdoc/>
    public void Dispose() => _found.Dispose();

    internal async ValueTask<bool> AcceptAsync(UserId user, CancellationToken cancellationToken)
    {
        var now = clock.GetTimestamp();
        if (_found.TryGetValue(user, out long foundAt) && clock.GetElapsedTime(foundAt, now) < Staleness)
            return true;
        var account = await findAccount.ExecuteAsync(user, cancellationToken).ConfigureAwait(false);
        if (account is not { State: AccountState.Active })
            return false;
        _found.Set(user, now, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Staleness });
        return true;
    }
}
