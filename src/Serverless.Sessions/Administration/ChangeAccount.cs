using Serverless.Sessions.Accounts;
using Serverless.Sessions.Record;

namespace Serverless.Sessions.Administration;

/// <summary>
/// Disables or enables an account, or gives it other roles, logins that are under way included. Disabling ends the sessions;
/// other roles reach them all (<see cref="GiveRoles"/>). Each is a change of its own, with its own log entry.
/// </summary>
public sealed class ChangeAccount(ISessionStore sessions, AccountFence fence, TimeProvider clock)
{
    /// <summary>Changes an account.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="state">The new state; null leaves it.</param>
    /// <param name="roles">The new roles; null leaves them.</param>
    /// <param name="administrator">Who asked.</param>
    /// <param name="cancellationToken">Gives up, until the first write.</param>
    /// <returns>The account after the change; null where there is none.</returns>
    public async Task<Account?> ExecuteAsync(
        UserId user, AccountState? state, IReadOnlyList<string>? roles, UserId administrator, CancellationToken cancellationToken)
    {
        if (await sessions.FindAccountKeyAsync(user, cancellationToken).ConfigureAwait(false) is not { } key)
            return null;

        var change = new AccountChange { At = clock.Now(), By = Requester.Of(administrator) };
        Account? changed = null;
        if (roles is not null)
        {
            changed = await fence.ChangeAsync(
                key,
                account => (account with { Roles = roles }, change with
                {
                    Id = Guid.NewGuid(),
                    Action = account.Roles.SequenceEqual(roles) ? null : LogAction.RolesChanged,
                }),
                cancellationToken).ConfigureAwait(false);
            cancellationToken = CancellationToken.None;
        }

        if (state is { } next)
        {
            var (action, ends) = next == AccountState.Disabled
                ? (LogAction.AccountDisabled, EndReason.Admin)
                : (LogAction.AccountEnabled, null);
            changed = await fence.ChangeAsync(
                key,
                account => (account with { State = next }, change with
                {
                    Id = Guid.NewGuid(),
                    Action = account.State == next ? null : action,
                    Ends = ends,
                }),
                cancellationToken).ConfigureAwait(false);
        }

        return changed;
    }
}
