namespace Serverless.Sessions.Passkeys;

/// <summary>Creates an account that has a passkey instead of a password: once for each <see cref="NewPasskey"/>, by its user. The passkey
/// comes with the epoch, so no account is without a key.</summary>
public sealed class CreateAccountWithPasskey(
    IAccountStore accounts, IEpochStore epochs, IPasskeyStore passkeys, AccountFence fence, TimeProvider clock)
{
    /// <summary>Creates it at once. The same again returns the account. Ignores cancellation after the first write.</summary>
    internal Task<CreateAccountResult> ExecuteAsync(Email email, NewPasskey given, Actor by, CancellationToken cancellationToken)
    {
        var account = Account.New(email, null, [], by, isVerified: false, clock.Now()) with { HasUnprovedPasskeys = true };
        return ExecuteAsync(account, given, AddAsync, cancellationToken);
    }

    /// <summary>Creates the account of a registration whose link is used. Ignores cancellation after the first write.</summary>
    internal Task<CreateAccountResult> ExecuteAsync(
        Email email, NewPasskey given, AccountToken registration, Actor by, CancellationToken cancellationToken)
    {
        var account = Account.New(email, null, [], by, isVerified: true, clock.Now()) with { Language = registration.Language };
        return ExecuteAsync(
            account, given, (added, passkey, token) => AddByLinkAsync(added, passkey, registration, token), cancellationToken);
    }

    private async Task<CreateAccountResult> ExecuteAsync(
        Account unkeyed, NewPasskey given, Func<Account, Passkey, CancellationToken, Task<CreateAccountResult>> addAsync,
        CancellationToken cancellationToken)
    {
        var account = unkeyed with { Id = given.User, IsPasskeyOnly = true };
        var passkey = given.Passkey with { CreatedAt = account.CreatedAt };
        if (!await fence.TryScheduleNewAsync(account, cancellationToken))
            return new CreateAccountResult.EmailTaken();
        var result = await Detached.RunAsync(clock, token => addAsync(account, passkey, token));
        if (result is not CreateAccountResult.Created { Account: var added })
            return result;
        await fence.FinishAsync(added);
        return new CreateAccountResult.Created(added with { PendingChange = null });
    }

    private async Task<CreateAccountResult> AddAsync(Account account, Passkey passkey, CancellationToken cancellationToken)
    {
        if (await TryOpenAsync(account, passkey, cancellationToken) is { } file)
        {
            // An earlier request may have created it. Whoever took its state alone has another passkey.
            return file.Find(passkey.Id) is not null && await FindAsync(account, cancellationToken) is { } created
                ? new CreateAccountResult.Created(created) : new CreateAccountResult.PasskeyUsed();
        }

        // The reply to our own try may have been lost.
        if (await accounts.TryAddAsync(account, null, cancellationToken) || await FindAsync(account, cancellationToken) is not null)
            return new CreateAccountResult.Created(account);
        await passkeys.RemoveFirstAsync(account, passkey, cancellationToken);
        return new CreateAccountResult.EmailTaken();
    }

    private async Task<Account?> FindAsync(Account account, CancellationToken cancellationToken)
    {
        var found = (await accounts.ReadAsync(account.Email.ToAccountKey(), cancellationToken)).Account;
        return found?.Id == account.Id && found.State == AccountState.Active ? found : null;
    }

    // A link whose first use died is used again, by an epoch of its own beside the one that is left.
    private async Task<CreateAccountResult> AddByLinkAsync(
        Account account, Passkey passkey, AccountToken registration, CancellationToken cancellationToken)
    {
        IReadOnlyList<OpenEpoch> left = [];
        if (await TryOpenAsync(account, passkey, cancellationToken) is { } file)
        {
            left = file.Epochs;
            if (left.Count == 0 || file.Find(passkey.Id) is null || !await TryOpenBesideAsync(account, left[0].Epoch, cancellationToken))
                return new CreateAccountResult.PasskeyUsed();
            account = account with { PendingChange = account.PendingChange! with { Closes = left[0].Epoch } };
        }

        if (await accounts.TryAddAsync(account, new(Use: registration), cancellationToken))
        {
            foreach (var open in left.Skip(1))
                await epochs.CloseEpochAsync(account.Id, open.Epoch, null, cancellationToken);
            return new CreateAccountResult.Created(account);
        }

        // The first epoch is closed by the use that opened one beside it, or removed by the timer.
        if (left.Count > 0)
            await epochs.CloseEpochAsync(account.Id, account.Epoch, null, cancellationToken);
        return new CreateAccountResult.EmailTaken();
    }

    // Returns what there is if the user has had an epoch before.
    private async Task<PasskeyFile?> TryOpenAsync(Account account, Passkey passkey, CancellationToken cancellationToken)
    {
        if (await passkeys.TryAddFirstAsync(account, passkey, cancellationToken))
            return null;
        var file = await passkeys.ReadAsync(account.Id, cancellationToken);
        // The reply to our own try may have been lost.
        return file.Epochs.Any(open => open.Epoch == account.Epoch) ? null : file;
    }

    // Only while the other is there, which the timer removes together with the passkey.
    private async Task<bool> TryOpenBesideAsync(Account account, Ulid other, CancellationToken cancellationToken)
    {
        if (await epochs.TryOpenEpochAsync(account, other, cancellationToken))
            return true;
        // The reply to the opening may have been lost, and its retry refused.
        await epochs.CloseEpochAsync(account.Id, account.Epoch, null, cancellationToken);
        return false;
    }
}
