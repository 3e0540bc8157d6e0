namespace Serverless.Sessions.Accounts;

/// <summary>Changes an account's state or roles, including for logins under way. Reverted if the administrator no longer is one
/// afterwards, so that of two who remove each other's role concurrently at least one keeps it.</summary>
public sealed class ChangeAccount(IAccountStore accounts, IEpochStore epochs, AccountFence fence, TimeProvider clock)
{
    /// <summary>Null leaves the state or the roles. Ignores cancellation after the first write.</summary>
    public async Task<ChangeAccountResult> ExecuteAsync(
        Session administrator, UserId user, AccountState? state, IReadOnlyList<string>? roles, CancellationToken cancellationToken)
    {
        var by = Actor.Of(administrator.UserId);
        return await TryAsync(administrator, ChangeAsync, cancellationToken) ?? new ChangeAccountResult.NotAllowed();

        async Task<(ChangeAccountResult, Func<CancellationToken, Task>?)> ChangeAsync()
        {
            if (await epochs.FindAccountKeyAsync(user, cancellationToken) is not { } key)
                return (new ChangeAccountResult.NoAccount(), null);
            var (before, changed) = await ApplyAsync(key, user, state, roles, by, cancellationToken);
            if (before is null || changed is null)
                return (new ChangeAccountResult.NoAccount(), null);
            var (formerState, formerRoles) = (state is null ? (AccountState?)null : before.State, roles is null ? null : before.Roles);
            return (
                new ChangeAccountResult.Changed(changed),
                token => ApplyAsync(key, user, formerState, formerRoles, by, token, before.EraseAt));
        }
    }

    /// <summary>Applies the settings, without a permission check. Returns false if there is no account, or it is being erased. Ignores
    /// cancellation after the first write.</summary>
    public async Task<bool> ExecuteAsync(
        AccountKey key, AccountState state, IReadOnlyList<string> roles, CancellationToken cancellationToken) =>
        (await ApplyAsync(key, user: null, state, roles, by: null, cancellationToken)).After is not null;

    /// <summary>Does something on behalf of an administrator, and reverts it if they no longer are one afterwards; null then, and if they
    /// aren't one before. What can't be reverted has nothing to do so.</summary>
    internal async Task<TResult?> TryAsync<TResult>(
        Session administrator, Func<Task<(TResult Result, Func<CancellationToken, Task>? RevertAsync)>> actAsync,
        CancellationToken cancellationToken)
        where TResult : class
    {
        if (!await IsAdministratorAsync(administrator, cancellationToken))
            return null;
        var (result, revertAsync) = await actAsync();
        if (revertAsync is null || await Detached.RunAsync(clock, token => IsAdministratorAsync(administrator, token)))
            return result;
        await Detached.RunAsync(clock, revertAsync);
        return null;
    }

    internal async Task<(Account? Before, Account? After)> ApplyAsync(
        AccountKey key, UserId? user, AccountState? state, IReadOnlyList<string>? roles, Actor? by, CancellationToken cancellationToken,
        DateTimeOffset? eraseAt = null)
    {
        var now = clock.Now();
        Account? before = null, after = null;
        if (roles is not null)
        {
            (before, after) = await ChangeAsync(
                account => new(
                    account with { Roles = roles },
                    new(now, account.Roles.SequenceEqual(roles) ? null : LogAction.RolesChanged, By: by)), cancellationToken);
        }

        if (state is { } next)
        {
            (LogAction Action, EndReason? Ends) effect = next switch
            {
                AccountState.Disabled => (LogAction.AccountDisabled, EndReason.Admin),
                // Only if that is reverted to.
                AccountState.Closing => (LogAction.AccountClosing, EndReason.AccountClosed),
                _ => (LogAction.AccountEnabled, null),
            };
            Task<(Account?, Account?)> ChangeStateAsync(CancellationToken token) => ChangeAsync(
                // Enabling a closed account restores it.
                account => new(
                    account with { State = next, EraseAt = eraseAt ?? (next == AccountState.Active ? null : account.EraseAt) },
                    new(now, account.State == next ? null : effect.Action, effect.Ends, By: by)),
                token);
            // Not cancellable between the halves: a caller who takes a thief's roles and hangs up must still disable the account.
            var changing = roles is null ? ChangeStateAsync(cancellationToken) : Detached.RunAsync(clock, ChangeStateAsync);
            (var found, after) = await changing;
            before ??= found;
        }

        return (before, after);

        async Task<(Account? Before, Account? After)> ChangeAsync(
            Func<Account, AccountStep> change, CancellationToken token)
        {
            Account? found = null;
            var changed = await fence.ChangeAsync(
                key, (account, _) => user is null || account.Id == user ? change(found = account) : null, token);
            return (found, changed?.Account);
        }
    }

    /// <summary>Whether the account of the session, as storage has it now, is an administrator's.</summary>
    internal async Task<bool> IsAdministratorAsync(Session session, CancellationToken cancellationToken) =>
        (await accounts.ReadOfAsync(session, cancellationToken)).Stored.Account is { State: AccountState.Active } account
        && account.Id == session.UserId && account.Roles.Contains(Roles.Admin);
}

public abstract record ChangeAccountResult
{
    private ChangeAccountResult() { }

    public sealed record Changed(Account Account) : ChangeAccountResult;
    public sealed record NoAccount : ChangeAccountResult;

    /// <summary>The caller isn't an administrator, or no longer was after the change, which was then reverted.</summary>
    public sealed record NotAllowed : ChangeAccountResult;
}
