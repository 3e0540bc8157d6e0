using Azure.Security.KeyVault.Secrets;

namespace Serverless.Tables.Tokens;

/// <summary>The key ring as a secret of an Azure Key Vault, which has no conditional write. A version counts only once it has
/// been current for the settling time by the vault's clock, and a write is abandoned after half of that, so of concurrent writers
/// the last one wins before anyone has used a key of the others, and they see that the ring isn't theirs. A request that arrives
/// after its sender abandoned it can't be ruled out; the replaced version stays in the vault. Readers wait only for the first
/// ring: a new key signs only after its version has settled and every instance has read it.</summary>
internal sealed class VaultKeyRingStore(
    SecretClient vault, string secretName, TimeProvider clock, TimeSpan settling, UnreadableRows unreadable) : IKeyRingStore
{
    /// <summary>Long enough for a slow or busy vault.</summary>
    public static readonly TimeSpan UsualSettling = TimeSpan.FromSeconds(10);

    // Requests seldom wait for the vault, so it gets more retries than storage.
    private const int MostRetries = 3;

    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(4);

    // The vault rounds its times to seconds.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    public static SecretClientOptions CreateOptions(AzureAccess azure) =>
        azure.Configure(new SecretClientOptions(), new QuickRetries(MostRetries), NetworkTimeout);

    public async Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken)
    {
        var (stored, settlesIn) = await ReadNowAsync(cancellationToken);
        return stored?.Ring.IsFirst == true && settlesIn > TimeSpan.Zero
            ? await ReadSettledAsync(cancellationToken)
            : stored;
    }

    public Task<bool> TryAddAsync(KeyRing ring, CancellationToken cancellationToken) => TrySetAsync(ring, null, cancellationToken);

    public Task<bool> TryReplaceAsync(KeyRing ring, RowVersion expected, CancellationToken cancellationToken) =>
        TrySetAsync(ring, expected, cancellationToken);

    private async Task<bool> TrySetAsync(KeyRing ring, RowVersion? expected, CancellationToken cancellationToken)
    {
        var found = await ReadSettledAsync(cancellationToken);
        if (found?.Version != expected)
            return false;
        var version = await SetInTimeAsync(KeyRingJson.Write(ring), cancellationToken);
        var settled = await ReadSettledAsync(cancellationToken);
        return settled?.Version == new RowVersion(version);
    }

    // Each version found starts another wait, so only a few are allowed.
    private async Task<StoredKeyRing?> ReadSettledAsync(CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var (stored, settlesIn) = await ReadNowAsync(cancellationToken);
            if (settlesIn <= TimeSpan.Zero)
                return stored;
            await Task.Delay(settlesIn, clock, cancellationToken);
        }
    }

    private async Task<(StoredKeyRing? Stored, TimeSpan SettlesIn)> ReadNowAsync(CancellationToken cancellationToken)
    {
        if (await SendAsync(vault.GetSecretAsync(secretName, cancellationToken: cancellationToken), cancellationToken) is not { } answer)
            return (null, TimeSpan.Zero);
        var secret = answer.Value;
        if (answer.GetRawResponse().Headers.Date is not { } time || secret.Properties.CreatedOn is not { } created)
            throw new StorageUnavailableException("The key vault's answer tells no time.");
        if (!KeyRingJson.TryRead(secret.Value, out var ring))
        {
            unreadable.Report("the key vault", secretName, secret.Properties.Version);
            throw new StorageUnavailableException("The key ring in the vault can't be read.") { IsOneRow = true };
        }

        return (new(ring, new(secret.Properties.Version)), created + settling + Rounding - time);
    }

    private async Task<string> SetInTimeAsync(string json, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settling / 2, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var secret = new KeyVaultSecret(secretName, json) { Properties = { ContentType = "application/json" } };
        var answer = await SendAsync(vault.SetSecretAsync(secret, either.Token), cancellationToken)
            ?? throw new StorageUnavailableException("The key vault has no place for the secret.");
        return answer.Value.Properties.Version;
    }

    // Not the vault's message, which may repeat what was sent.
    private static async Task<Response<KeyVaultSecret>?> SendAsync(Task<Response<KeyVaultSecret>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call;
        }
        catch (RequestFailedException exception) when (exception is { Status: 404, ErrorCode: "SecretNotFound" })
        {
            return null;
        }
        catch (Exception exception) when (StorageCall.IsOutage(exception, cancellationToken))
        {
            throw new StorageUnavailableException("The key vault can't be used right now: " + OutageCause.Of(exception));
        }
    }
}
