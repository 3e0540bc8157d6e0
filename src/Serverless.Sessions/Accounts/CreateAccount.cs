using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Login;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Accounts;

/// <summary>Makes an account: its epoch first, so that the account can be logged in to from its first moment.</summary>
public sealed class CreateAccount(
    IAccountStore accounts,
    IEpochStore epochs,
    AccountFence fence,
    PasswordHashing hashing,
    PasswordPolicy policy,
    TimeProvider clock)
{
    /// <summary>Makes an account.</summary>
    /// <param name="email">Its email.</param>
    /// <param name="password">Its first password.</param>
    /// <param name="roles">Its roles.</param>
    /// <param name="by">Who asked; null where nobody did.</param>
    /// <param name="cancellationToken">Cancels, until the first write.</param>
    public async Task<CreateAccountResult> ExecuteAsync(
        Email email, Password password, IReadOnlyList<string> roles, Actor? by, CancellationToken cancellationToken)
    {
        if (!Roles.AreValid(roles))
            throw new ArgumentException("These can't be roles.", nameof(roles));
        if (policy.Refuse(password) is { } refusal)
            return new CreateAccountResult.PasswordRefused(refusal);

        var now = clock.Now();
        var account = new Account
        {
            Id = UserId.New(now),
            Email = email,
            PasswordHash = await hashing.HashAsync(password, cancellationToken),
            Roles = roles,
            State = AccountState.Active,
            Epoch = Ulid.New(now),
            PendingChange = new() { At = now, Action = LogAction.AccountCreated, By = by },
            CreatedAt = now,
        };
        await fence.FileAsync(email.ToAccountKey(), cancellationToken);
        // Nobody would close an epoch whose account isn't made.
        if (!await Detached.RunAsync(clock, token => TryAddAsync(account, token)))
            return new CreateAccountResult.EmailTaken();
        await fence.FinishAsync(account);
        return new CreateAccountResult.Created(account with { PendingChange = null });
    }

    private async Task<bool> TryAddAsync(Account account, CancellationToken cancellationToken)
    {
        await epochs.OpenFirstEpochAsync(account, cancellationToken);
        if (await accounts.TryAddAsync(account, cancellationToken))
            return true;
        await epochs.TakeFirstEpochBackAsync(account, cancellationToken);
        return false;
    }
}

/// <summary>What became of a new account.</summary>
public abstract record CreateAccountResult
{
    private CreateAccountResult()
    {
    }

    /// <summary>Made.</summary>
    /// <param name="Account">The account.</param>
    public sealed record Created(Account Account) : CreateAccountResult;

    /// <summary>The email has an account already.</summary>
    public sealed record EmailTaken : CreateAccountResult;

    /// <summary>The password is against the rules.</summary>
    /// <param name="Why">A sentence for the user.</param>
    public sealed record PasswordRefused(string Why) : CreateAccountResult;
}
