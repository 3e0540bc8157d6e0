namespace Serverless.Sessions.Accounts;

/// <summary>Creates an account, its epoch first, so that a login is possible from the first moment.</summary>
public sealed class CreateAccount(
    IAccountStore accounts, IEpochStore epochs, AccountFence fence, ChangeAccount changeAccount, PasswordHashing hashing,
    PasswordRules rules, TimeProvider clock)
{
    /// <summary>On behalf of an administrator. Ignores cancellation after the first write.</summary>
    /// <exception cref="ArgumentException">The roles are not valid.</exception>
    public async Task<CreateAccountResult> ExecuteAsync(
        Session administrator, Email email, Password password, IReadOnlyList<string> roles, CancellationToken cancellationToken) =>
        await changeAccount.IsAdministratorAsync(administrator, cancellationToken)
            ? await ExecuteAsync(email, password, roles, Actor.Of(administrator.UserId), cancellationToken)
            : new CreateAccountResult.NotAllowed();

    /// <summary>A null <paramref name="by"/> is the service itself. Ignores cancellation after the first write.</summary>
    /// <exception cref="ArgumentException">The roles are not valid.</exception>
    public async Task<CreateAccountResult> ExecuteAsync(
        Email email, Password password, IReadOnlyList<string> roles, Actor? by, CancellationToken cancellationToken)
    {
        if (!Roles.AreValid(roles))
            throw new ArgumentException("The roles are not valid.", nameof(roles));
        if (await rules.RefuseAsync(password, cancellationToken) is { } refusal)
            return new CreateAccountResult.PasswordRefused(refusal);

        var hash = await hashing.HashAsync(password, cancellationToken);
        // The service creates accounts that its operator configured.
        return await ExecuteAsync(Account.New(email, hash, roles, by, isVerified: by is null, clock.Now()), null, cancellationToken);
    }

    /// <summary>Creates the account of a registration whose link is used. Ignores cancellation after the first write.</summary>
    internal Task<CreateAccountResult> ExecuteAsync(
        Email email, PasswordHash hash, AccountToken registration, Actor by, CancellationToken cancellationToken) => ExecuteAsync(
        Account.New(email, hash, [], by, isVerified: true, clock.Now()) with { Language = registration.Language }, new(Use: registration),
        cancellationToken);

    /// <summary>Adds a new account with its pending change. Ignores cancellation after the first write.</summary>
    internal async Task<CreateAccountResult> ExecuteAsync(
        Account account, AccountWrites? along, CancellationToken cancellationToken)
    {
        // Not cancellable after that: only the timer would close the epoch of an account that isn't created.
        if (!await fence.TryScheduleNewAsync(account, cancellationToken)
            || !await Detached.RunAsync(clock, token => TryAddAsync(account, along, token)))
        {
            return new CreateAccountResult.EmailTaken();
        }

        await fence.FinishAsync(account);
        return new CreateAccountResult.Created(account with { PendingChange = null });
    }

    private async Task<bool> TryAddAsync(Account account, AccountWrites? along, CancellationToken cancellationToken)
    {
        await epochs.OpenFirstEpochAsync(account, cancellationToken);
        if (await accounts.TryAddAsync(account, along, cancellationToken))
            return true;
        await epochs.RemoveFirstEpochAsync(account, cancellationToken);
        return false;
    }
}

public abstract record CreateAccountResult
{
    private CreateAccountResult() { }

    public sealed record Created(Account Account) : CreateAccountResult;
    public sealed record EmailTaken : CreateAccountResult;
    public sealed record PasswordRefused(string Why) : CreateAccountResult;

    /// <summary>The creation of the account of this passkey is under way or died, or the account is another's by now.</summary>
    public sealed record PasskeyUsed : CreateAccountResult;

    /// <summary>The caller isn't an administrator, or no longer was afterwards: the account is disabled then, without roles.</summary>
    public sealed record NotAllowed : CreateAccountResult;
}
