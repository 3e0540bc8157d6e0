namespace Serverless.Sessions.Accounts;

/// <summary>Removes what is left where no account came to be, or stayed: its email in the index,
/// and of a creation that died its epoch and its passkey.</summary>
public sealed class RemoveAbandonedAccount(IEmailIndex index, IPasskeyStore passkeys, ITimeline timeline, TimeProvider clock)
{
    /// <summary>What is younger than any request may still get its account, and is checked again.</summary>
    internal async Task ExecuteAsync(ChangeDue due, Account? found, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var isGone = found is not null || due.Email is not { } email || await index.TryRemoveAsync(email, now, cancellationToken);
        if (due.Created is { } user && found?.Id != user)
            isGone &= await TryRemoveAsync(due.Account, user, now - EmailPosition.Grace, cancellationToken);
        if (!isGone)
            await timeline.ScheduleChangeAsync(due with { At = now + EmailPosition.Grace }, cancellationToken);
    }

    private async Task<bool> TryRemoveAsync(AccountKey account, UserId user, DateTimeOffset settled, CancellationToken cancellationToken)
    {
        var file = await passkeys.ReadAsync(user, cancellationToken);
        // The epochs of an account that has moved name another address.
        if (file.Epochs.Count == 0 || file.Epochs.Any(open => open.Account != account))
            return true;
        if (file.Epochs.Max(open => open.Epoch.Time) > settled)
            return false;
        await passkeys.RemoveAbandonedAsync(user, file, cancellationToken);
        return true;
    }
}
