using System.Runtime.ExceptionServices;

namespace Serverless.Sessions.Accounts;

/// <summary>Finishes interrupted account changes. Every change schedules a check, and most checks find nothing to do.</summary>
public sealed class FinishAccountChanges(IAccountStore accounts, ITimeline timeline, AccountFence fence, TimeProvider clock)
{
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
                    if ((await accounts.ReadAsync(due.Account, cancellationToken)).Account is { PendingChange: not null } account)
                    {
                        await fence.FinishAsync(account);
                        finished++;
                    }

                    done.Add(due);
                }
                catch (StorageUnavailableException exception)
                {
                    // One account must not block the others: it stays scheduled. An unreadable row is already logged.
                    if (!exception.IsOneRow)
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
}
