namespace Serverless.Sessions.Accounts;

/// <summary>Closes an account at once: its sessions end, and after a grace it is erased (<see cref="EraseAccount"/>). Until then a
/// login may restore it, unless it was disabled: that one stays disabled. An account with the role admin can't be closed, as each may
/// be the last one.</summary>
public sealed class CloseAccount(
    CheckOwnPassword checkPassword, IEpochStore epochs, AccountFence fence, ITimeline timeline, IOptions<AccountOptions> options,
    TimeProvider clock)
{
    /// <summary>Ignores cancellation after the first write.</summary>
    public async Task<CloseAccountResult> ExecuteAsync(
        Session session, Password? password, ClientInfo client, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            switch (await checkPassword.ExecuteAsync(session, password, client, cancellationToken))
            {
                case OwnPasswordResult.Wrong wrong:
                    return new CloseAccountResult.WrongPassword(wrong.Locks);
                case OwnPasswordResult.Locked locked:
                    return new CloseAccountResult.Locked(locked.Wait);
                case OwnPasswordResult.NotProved:
                    return new CloseAccountResult.NotProved();
                case OwnPasswordResult.Right { Account: var account }:
                    var result = await CloseAsync(
                        account.Email.ToAccountKey(), account.Id, account, Actor.Of(client), cancellationToken);
                    if (result is not CloseAccountResult.NoAccount)
                        return result;
                    break;
            }

            // Another change came first, so the check was against an old password.
        }
    }

    /// <summary>On behalf of a user. Ignores cancellation after the first write.</summary>
    public async Task<CloseAccountResult> ExecuteAsync(UserId administrator, UserId user, CancellationToken cancellationToken) =>
        await epochs.FindAccountKeyAsync(user, cancellationToken) is { } key
            ? await CloseAsync(key, user, null, Actor.Of(administrator), cancellationToken)
            : new CloseAccountResult.NoAccount();

    private async Task<CloseAccountResult> CloseAsync(
        AccountKey key, UserId user, Account? read, Actor by, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var eraseAt = now + options.Value.DeletionGrace;
        // Before the change, so that a crash in between leaves a check that finds nothing to do.
        await timeline.ScheduleChangeAsync(new(key, eraseAt), cancellationToken);
        CloseAccountResult result = new CloseAccountResult.NoAccount();
        await fence.ChangeAsync(key, (account, _) => Close(account), cancellationToken);
        return result;

        AccountStep? Close(Account account)
        {
            // An account that has moved would be looked for in vain when it is to be erased.
            var isOther = account.Id != user || account.Email.ToAccountKey() != key
                || (read is not null && account.Epoch != read.Epoch);
            result = isOther ? new CloseAccountResult.NoAccount()
                : account.Roles.Contains(Roles.Admin) ? new CloseAccountResult.IsAdministrator()
                : new CloseAccountResult.Closed(account.EraseAt ?? eraseAt, IsNew: account.EraseAt is null);
            // Closing it again doesn't put its end off.
            if (result is not CloseAccountResult.Closed { IsNew: true })
                return null;
            var state = account.State == AccountState.Disabled ? AccountState.Disabled : AccountState.Closing;
            return new(
                account with { State = state, EraseAt = eraseAt },
                new(now, LogAction.AccountClosing, EndReason.AccountClosed, By: by),
                new(Mail: AccountMails.Notice(MailKind.AccountClosing, account, now, by.Client?.Language)));
        }
    }
}

public abstract record CloseAccountResult
{
    private CloseAccountResult() { }

    /// <summary>Now or, if it isn't new, earlier.</summary>
    public sealed record Closed(DateTimeOffset EraseAt, bool IsNew) : CloseAccountResult;
    public sealed record WrongPassword(bool Locks) : CloseAccountResult;

    /// <summary>Too many failures: the password wasn't checked, or others locked the email in the meantime.</summary>
    public sealed record Locked(TimeSpan Wait) : CloseAccountResult;

    /// <inheritdoc cref="OwnPasswordResult.NotProved"/>
    public sealed record NotProved : CloseAccountResult;
    public sealed record IsAdministrator : CloseAccountResult;
    public sealed record NoAccount : CloseAccountResult;
}
