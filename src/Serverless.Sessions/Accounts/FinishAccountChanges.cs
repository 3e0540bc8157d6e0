using System.Runtime.ExceptionServices;

namespace Serverless.Sessions.Accounts;

/// <summary>Finishes interrupted account changes, removes expired tokens, tombstones and abandoned accounts, and erases closed ones. Every
/// change and token schedules a check, and most checks find nothing to do.</summary>
public sealed class FinishAccountChanges(
    IAccountStore accounts, IEmailIndex index, ITimeline timeline, AccountFence fence, RemoveAbandonedAccount removeAbandoned,
    EraseAccount eraseAccount, TimeProvider clock)
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
                    finished += await FinishAsync(due, isOver, cancellationToken) ? 1 : 0;
                    done.Add(due);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // One account must not block the others: it stays scheduled. An unreadable row is already logged.
                    if (exception is not StorageUnavailableException { IsOneRow: true })
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

    private async Task<bool> FinishAsync(ChangeDue due, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var (stored, now) = (await accounts.ReadAsync(due.Account, cancellationToken), clock.GetUtcNow());
        foreach (var token in new[] { stored.Verify, stored.Reset })
        {
            if (token?.KeptUntil <= now)
                await accounts.TryWriteAsync(due.Account, new(Use: token), cancellationToken);
        }

        if (stored.Account is { State: AccountState.Moved } tombstone && tombstone.ReservedUntil <= now)
        {
            await index.TryRemoveAsync(EmailPosition.Of(tombstone.Email), now, cancellationToken);
            await accounts.TryRemoveAsync(tombstone, cancellationToken);
        }

        var isUnfinished = stored.Account?.IsUnfinished == true;
        if (isUnfinished)
        {
            await fence.FinishAsync(stored.Account!);
            stored = await accounts.ReadAsync(due.Account, cancellationToken);
        }

        await removeAbandoned.ExecuteAsync(due, stored.Account, cancellationToken);

        // One that changes meanwhile has scheduled a check of its own.
        var isErased = stored.Account is { IsUnfinished: false } account && account.IsToEraseAt(now);
        if (isErased)
            await eraseAccount.ExecuteAsync(stored.Account!, isOver, cancellationToken);
        return isUnfinished || isErased;
    }
}
