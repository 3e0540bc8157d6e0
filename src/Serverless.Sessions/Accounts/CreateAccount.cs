namespace Serverless.Sessions.Accounts;

/// <summary>Creates an account, its epoch first, so that a login is possible from the first moment.</summary>
public sealed class CreateAccount(
    IAccountStore accounts, IEpochStore epochs, IPasskeyStore passkeys, AccountFence fence, PasswordHashing hashing, PasswordRules rules,
    TimeProvider clock)
{
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
        return await ExecuteAsync(NewAccount(email, hash, roles, by, isVerified: by is null), null, cancellationToken);
    }

    /// <summary>Creates the account of a registration whose link is used. Ignores cancellation after the first write.</summary>
    internal Task<CreateAccountResult> ExecuteAsync(
        Email email, PasswordHash hash, AccountToken registration, Actor by, CancellationToken cancellationToken) => ExecuteAsync(
        NewAccount(email, hash, [], by, isVerified: true) with { Language = registration.Language }, new(Use: registration),
        cancellationToken);

    /// <summary>Creates an account that has a passkey instead of a password: once for each <see cref="NewPasskey"/>, by its user. The passkey
    /// comes with the epoch, so no account is without a key. Ignores cancellation after the first write.</summary>
    /// <param name="email">Its address.</param>
    /// <param name="given">The passkey, which the user's id comes with.</param>
    /// <param name="registration">Whose link is used; null without one.</param>
    /// <param name="by">Who registers.</param>
    /// <param name="cancellationToken">Cancels the call before the first write.</param>
    internal async Task<CreateAccountResult> ExecuteAsync(
        Email email, NewPasskey given, AccountToken? registration, Actor by, CancellationToken cancellationToken)
    {
        var unkeyed = NewAccount(email, null, [], by, isVerified: registration is not null);
        var account = unkeyed with
        {
            Id = given.User,
            IsPasskeyOnly = true,
            Language = registration is null ? unkeyed.Language : registration.Language,
        };
        var passkey = given.Passkey with { CreatedAt = account.CreatedAt };
        await fence.ScheduleAsync(email.ToAccountKey(), cancellationToken);
        var result = await Detached.RunAsync(clock, token => AddAsync(account, passkey, registration, token));
        if (result is not CreateAccountResult.Created { Account: var added })
            return result;
        await fence.FinishAsync(added);
        return new CreateAccountResult.Created(added with { PendingChange = null });
    }

    /// <summary>Adds a new account with its pending change. Ignores cancellation after the first write.</summary>
    internal async Task<CreateAccountResult> ExecuteAsync(
        Account account, AccountWrites? along, CancellationToken cancellationToken)
    {
        await fence.ScheduleAsync(account.Email.ToAccountKey(), cancellationToken);
        // Not cancellable: nothing would close the epoch of an account that isn't created.
        if (!await Detached.RunAsync(clock, token => TryAddAsync(account, along, token)))
            return new CreateAccountResult.EmailTaken();
        await fence.FinishAsync(account);
        return new CreateAccountResult.Created(account with { PendingChange = null });
    }

    private Account NewAccount(Email email, PasswordHash? hash, IReadOnlyList<string> roles, Actor? by, bool isVerified)
    {
        var now = clock.Now();
        return new(
            UserId.New(now), email, hash, roles, AccountState.Active, Ulid.New(now), CreatedAt: now,
            PendingChange: new(now, LogAction.AccountCreated, By: by))
        {
            EmailVerifiedAt = isVerified ? now : null,
            Language = by?.Client?.Language,
        };
    }

    private async Task<bool> TryAddAsync(Account account, AccountWrites? along, CancellationToken cancellationToken)
    {
        await epochs.OpenFirstEpochAsync(account, cancellationToken);
        if (await accounts.TryAddAsync(account, along, cancellationToken))
            return true;
        await epochs.RemoveFirstEpochAsync(account, cancellationToken);
        return false;
    }

    private async Task<CreateAccountResult> AddAsync(
        Account account, Passkey passkey, AccountToken? registration, CancellationToken cancellationToken)
    {
        var (isFirst, left) = (await passkeys.TryAddFirstAsync(account, passkey, cancellationToken), (IReadOnlyList<OpenEpoch>)[]);
        if (!isFirst)
        {
            var file = await passkeys.ReadAsync(account.Id, cancellationToken);
            // The reply to our own try may have been lost.
            isFirst = file.Epochs.Any(open => open.Epoch == account.Epoch);
            if (!isFirst)
            {
                // A link whose first use died is used again, by an epoch of its own. A state without a link is used up.
                if (registration is null || file.Find(passkey.Id) is null || !await epochs.TryOpenEpochAsync(account, null, cancellationToken))
                    return new CreateAccountResult.PasskeyUsed();
                left = file.Epochs;
                account = account with { PendingChange = account.PendingChange! with { Closes = left.Count > 0 ? left[0].Epoch : null } };
            }
        }

        if (await accounts.TryAddAsync(account, registration is null ? null : new(Use: registration), cancellationToken))
        {
            foreach (var open in left.Skip(1))
                await epochs.CloseEpochAsync(account.Id, open.Epoch, null, cancellationToken);
            return new CreateAccountResult.Created(account);
        }

        // Another use of the link may have created the account with this passkey, or be about to.
        if (isFirst && registration is null && (await accounts.ReadAsync(account.Email.ToAccountKey(), cancellationToken)).Account?.Id != account.Id)
            await passkeys.RemoveFirstAsync(account, passkey, cancellationToken);
        else
            await epochs.CloseEpochAsync(account.Id, account.Epoch, null, cancellationToken);
        return new CreateAccountResult.EmailTaken();
    }
}

public abstract record CreateAccountResult
{
    private CreateAccountResult() { }

    public sealed record Created(Account Account) : CreateAccountResult;
    public sealed record EmailTaken : CreateAccountResult;
    public sealed record PasswordRefused(string Why) : CreateAccountResult;

    /// <summary>The user of the passkey has an account, or its creation is under way or died.</summary>
    public sealed record PasskeyUsed : CreateAccountResult;
}
