namespace Serverless.Sessions.Accounts;

/// <summary>Removes what the creation of an account left that died before the account was there: its epoch, and its passkey.</summary>
public sealed class RemoveAbandonedAccount(IPasskeyStore passkeys, ITimeline timeline, TimeProvider clock)
{
    /// <summary>For an account that isn't there. What is younger than any request may still become one, and is checked again.</summary>
    internal async Task ExecuteAsync(AccountKey account, UserId user, CancellationToken cancellationToken)
    {
        var file = await passkeys.ReadAsync(user, cancellationToken);
        // The epochs of an account that has moved name another address.
        if (file.Epochs.Count == 0 || file.Epochs.Any(open => open.Account != account))
            return;
        var settled = file.Epochs.Max(open => open.Epoch.Time) + EraseAccount.Settling;
        if (settled > clock.GetUtcNow())
            await timeline.ScheduleChangeAsync(new(account, settled, user), cancellationToken);
        else
            await passkeys.RemoveAbandonedAsync(user, file, cancellationToken);
    }
}
