namespace Serverless.Sessions.Accounts;

/// <summary>Changes an account's state or roles, including for logins under way. Reverted if the administrator no longer is one
/// afterwards, so that of two who remove each other's role concurrently at least one keeps it.</summary>
public sealed class ChangeAccount(IAccountStore accounts, IEpochStore epochs, AccountFence fence, TimeProvider clock)
{
    /// <summary>Null leaves the state or the roles. Ignores cancellation after the first write.</summary>
    public async Task<ChangeAccountResult> ExecuteAsync(
        Session administrator, UserId user, AccountState? state, IReadOnlyList<string>? roles, CancellationToken cancellationToken)
    {
        if (!await IsAdministratorAsync(administrator, cancellationToken))
            return new ChangeAccountResult.NotAllowed();
        if (await epochs.FindAccountKeyAsync(user, cancellationToken) is not { } key)
            return new ChangeAccountResult.NoAccount();

        var by = Actor.Of(administrator.UserId);
        var (before, changed) = await ApplyAsync(key, user, state, roles, by, cancellationToken);
        if (before is null || changed is null)
            return new ChangeAccountResult.NoAccount();
        if (await Detached.RunAsync(clock, token => IsAdministratorAsync(administrator, token)))
            return new ChangeAccountResult.Changed(changed);

        var (formerState, formerRoles) = (state is null ? (AccountState?)null : before.State, roles is null ? null : before.Roles);
        await Detached.RunAsync(clock, token => ApplyAsync(key, user, formerState, formerRoles, by, token));
        return new ChangeAccountResult.NotAllowed();
    }

    /// <summary>Applies the settings, without a permission check. Ignores cancellation after the first write.</summary>
    public Task ExecuteAsync(AccountKey key, AccountState state, IReadOnlyList<string> roles, CancellationToken cancellationToken) =>
        ApplyAsync(key, user: null, state, roles, by: null, cancellationToken);

    private async Task<bool> IsAdministratorAsync(Session session, CancellationToken cancellationToken) =>
        (await accounts.ReadAsync(session.Email.ToAccountKey(), cancellationToken)).Account is { State: AccountState.Active } account
        && account.Id == session.UserId
        && account.Roles.Contains(Roles.Admin);

    private async Task<(Account? Before, Account? After)> ApplyAsync(
        AccountKey key, UserId? user, AccountState? state, IReadOnlyList<string>? roles, Actor? by, CancellationToken cancellationToken)
    {
        var change = new AccountChange { At = clock.Now(), By = by };
        Account? before = null, after = null;
        if (roles is not null)
        {
            after = await fence.ChangeAsync(
                key,
                account => user is not null && account.Id != user ? null : ((before = account) with { Roles = roles }, change with
                {
                    Id = Guid.NewGuid(),
                    Action = account.Roles.SequenceEqual(roles) ? null : LogAction.RolesChanged,
                }),
                cancellationToken);
        }

        if (state is { } next)
        {
            var first = before;
            var (action, ends) = next == AccountState.Disabled
                ? (LogAction.AccountDisabled, EndReason.Admin)
                : (LogAction.AccountEnabled, null);
            Task<Account?> ChangeStateAsync(CancellationToken token) => fence.ChangeAsync(
                key,
                account => user is not null && account.Id != user ? null : ((before = account) with { State = next }, change with
                {
                    Id = Guid.NewGuid(),
                    Action = account.State == next ? null : action,
                    Ends = ends,
                }),
                token);
            // Not cancellable between the halves: a caller who takes a thief's roles and hangs up must still disable the account.
            after = await (roles is null ? ChangeStateAsync(cancellationToken) : Detached.RunAsync(clock, ChangeStateAsync));
            before = first ?? before;
        }

        return (before, after);
    }
}

public abstract record ChangeAccountResult
{
    private ChangeAccountResult() { }

    public sealed record Changed(Account Account) : ChangeAccountResult;

    public sealed record NoAccount : ChangeAccountResult;

    /// <summary>The caller isn't an administrator, or no longer was after the change, which was then reverted.</summary>
    public sealed record NotAllowed : ChangeAccountResult;
}
