using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Accounts;

/// <summary>
/// Disables or enables an account, or gives it other roles, logins that are under way included. Disabling ends the sessions;
/// other roles reach them all (<see cref="Refresh.PropagateRoles"/>). Each is a change of its own, with its own log entry.
/// </summary>
/// <remarks>
/// An administrator must be one after the change, too, or it is taken back: of two who take the role from each other at the same
/// time, whoever looks last finds it gone, so at least one of them keeps it.
/// </remarks>
public sealed class ChangeAccount(IAccountStore accounts, IEpochStore epochs, AccountFence fence, TimeProvider clock)
{
    /// <summary>An administrator changes an account.</summary>
    /// <param name="administrator">Who asked, as the session says.</param>
    /// <param name="state">The new state; null leaves it.</param>
    /// <param name="roles">The new roles; null leaves them.</param>
    /// <param name="cancellationToken">Cancels, until the first write.</param>
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

    /// <summary>The settings change an account; nobody needs to be allowed to.</summary>
    /// <param name="state">The new state.</param>
    /// <param name="roles">The new roles.</param>
    /// <param name="cancellationToken">Cancels, until the first write.</param>
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
            // The second half of a change: who takes the roles of a thief and hangs up has the account disabled all the same.
            after = await (roles is null ? ChangeStateAsync(cancellationToken) : Detached.RunAsync(clock, ChangeStateAsync));
            before = first ?? before;
        }

        return (before, after);
    }
}

/// <summary>What became of a change.</summary>
public abstract record ChangeAccountResult
{
    private ChangeAccountResult()
    {
    }

    /// <summary>Changed.</summary>
    /// <param name="Account">The account after it.</param>
    public sealed record Changed(Account Account) : ChangeAccountResult;

    /// <summary>There is no such account.</summary>
    public sealed record NoAccount : ChangeAccountResult;

    /// <summary>Who asked is no administrator any more; nothing is changed.</summary>
    public sealed record NotAllowed : ChangeAccountResult;
}
