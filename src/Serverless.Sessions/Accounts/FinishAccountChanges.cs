using System.Runtime.ExceptionServices;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Timeline;

namespace Serverless.Sessions.Accounts;

/// <summary>Finishes the changes of accounts that were interrupted. Each change has filed its account before; most of them find
/// that nothing is left to do.</summary>
public sealed class FinishAccountChanges(IAccountStore accounts, ITimeline timeline, AccountFence fence, TimeProvider clock)
{
    /// <summary>Looks at the accounts that are due.</summary>
    /// <param name="isOver">Whether the time is up.</param>
    /// <returns>How many changes were finished.</returns>
    internal async Task<int> ExecuteAsync(Func<bool> isOver, CancellationToken cancellationToken)
    {
        var (finished, failure) = (0, (ExceptionDispatchInfo?)null);
        await foreach (var batch in timeline.ReadDueChangesAsync(clock.GetUtcNow(), cancellationToken))
        {
            var done = new List<ChangeDue>();
            foreach (var due in batch.TakeWhile(_ => !isOver()))
            {
                try
                {
                    finished += await FinishAsync(due.Account, cancellationToken) ? 1 : 0;
                    done.Add(due);
                }
                catch (StorageUnavailableException exception) when (exception.IsOneRow)
                {
                    // It is told, and stays until somebody has mended it or taken it away.
                }
                catch (StorageUnavailableException exception)
                {
                    // One account holds up no other; the next run looks at it again.
                    failure ??= ExceptionDispatchInfo.Capture(exception);
                }
            }

            await timeline.RemoveAsync(done, cancellationToken);
            if (isOver())
                break;
        }

        failure?.Throw();
        return finished;
    }

    private async Task<bool> FinishAsync(AccountKey key, CancellationToken cancellationToken)
    {
        if ((await accounts.ReadAsync(key, cancellationToken)).Account is not { PendingChange: not null } account)
            return false;
        await fence.FinishAsync(account);
        return true;
    }
}
