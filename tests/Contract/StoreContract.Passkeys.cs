namespace Serverless.Testing;

public abstract partial class StoreContract
{
    private static readonly Notice Added = new(NoticeKind.PasskeyAdded, Now, SessionId.New(), Service.Client);

    [Fact]
    public async Task A_passkey_reads_back_with_the_epoch_and_its_challenge()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        var passkey = NewPasskey() with { Transports = ["internal", "hybrid"], IsBackupEligible = true, IsBackedUp = true, SignatureCount = uint.MaxValue };
        var challenge = NewChallenge();
        Assert.True(await AddAsync(user, passkey, challenge, epoch));
        var file = await Stores.Passkeys.ReadAsync(user, default);
        var read = Assert.Single(file.Passkeys);
        Assert.Equal(passkey.CredentialId.ToArray(), read.CredentialId.ToArray());
        Assert.Equal(passkey.PublicKey.ToArray(), read.PublicKey.ToArray());
        Assert.Equal(passkey.Transports, read.Transports);
        Assert.Equal(
            passkey with { CredentialId = default, PublicKey = default, Transports = [], Version = null },
            read with { CredentialId = default, PublicKey = default, Transports = [], Version = null });
        Assert.Equal([challenge], file.Challenges);
        Assert.Equal(epoch.Epoch, Assert.Single(file.Epochs).Epoch);
    }

    [Fact]
    public async Task Of_two_changes_of_passkeys_that_read_the_same_epoch_one_is_made()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        var (first, second) = (NewPasskey(), NewPasskey());
        Assert.True(await AddAsync(user, first, NewChallenge(), epoch));
        Assert.False(await AddAsync(user, second, NewChallenge(), epoch));
        var file = await Stores.Passkeys.ReadAsync(user, default);
        Assert.False(await RemoveAsync(user, file.Passkeys[0], epoch));
        Assert.True(await RemoveAsync(user, file.Passkeys[0], file.OpenEpoch()));
        file = await Stores.Passkeys.ReadAsync(user, default);
        Assert.Empty(file.Passkeys);
        Assert.Single(file.Challenges);
    }

    [Fact]
    public async Task A_challenge_is_used_once_and_one_that_has_expired_goes_with_the_next()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        var (old, next) = (NewChallenge(Now.AddMinutes(-6)), NewChallenge());
        Assert.True(await RefuseAsync(user, new(old, [])));
        Assert.False(await RefuseAsync(user, new(old, [])));
        Assert.False(await AddAsync(user, NewPasskey(), old, epoch));
        var file = await Stores.Passkeys.ReadAsync(user, default);
        Assert.True(file.IsUsed(old));
        Assert.True(await RefuseAsync(user, file.Use(next, Now)));
        Assert.Equal([next], (await Stores.Passkeys.ReadAsync(user, default)).Challenges);
    }

    [Fact]
    public async Task Another_name_needs_the_passkey_as_it_was_read()
    {
        var (user, epoch) = await NewPasskeyUserAsync();
        await AddAsync(user, NewPasskey(), NewChallenge(), epoch);
        var read = (await Stores.Passkeys.ReadAsync(user, default)).Passkeys[0];
        Assert.True(await Stores.Passkeys.TryRenameAsync(user, read with { Name = "another" }, default));
        Assert.False(await Stores.Passkeys.TryRenameAsync(user, read with { Name = "a third" }, default));
        Assert.Equal("another", Assert.Single((await Stores.Passkeys.ReadAsync(user, default)).Passkeys).Name);
    }

    private async Task<(UserId User, OpenEpoch Epoch)> NewPasskeyUserAsync()
    {
        var account = NewAccount();
        await Stores.Epochs.OpenFirstEpochAsync(account, default);
        return (account.Id, (await Stores.Passkeys.ReadAsync(account.Id, default)).OpenEpoch());
    }

    private Task<bool> AddAsync(UserId user, Passkey passkey, UsedChallenge challenge, OpenEpoch epoch) => Stores.Passkeys.TryAddAsync(
        user, passkey, new(challenge, []), epoch, new(LogAction.PasskeyAdded, Now, Added.SessionId, Service.Client), Added, default);

    private Task<bool> RemoveAsync(UserId user, Passkey passkey, OpenEpoch epoch) => Stores.Passkeys.TryRemoveAsync(
        user, passkey, epoch, new(LogAction.PasskeyRemoved, Now, Added.SessionId, Service.Client), default);

    private Task<bool> RefuseAsync(UserId user, ChallengeUse challenge) => Stores.Passkeys.TryRefuseAsync(
        user, challenge, new(LogAction.PasskeyCloned, Now, Added.SessionId, Service.Client, Success: false), Added, default);

    private static UsedChallenge NewChallenge(DateTimeOffset? expiresAt = null) =>
        new(Guid.NewGuid().ToString("N"), expiresAt ?? Now.AddMinutes(5));

    private static Passkey NewPasskey()
    {
        var credential = Guid.NewGuid().ToByteArray();
        return new(PasskeyId.Of(credential), credential, new byte[] { 1, 2, 3 }, Guid.NewGuid(), "A laptop", Now);
    }
}
