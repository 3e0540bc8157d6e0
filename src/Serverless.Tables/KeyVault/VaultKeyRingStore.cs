using Azure;
using Azure.Security.KeyVault.Secrets;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Tokens;
using Serverless.Tables.Storage;

namespace Serverless.Tables.KeyVault;

/// <summary>
/// The key ring as a secret of an Azure Key Vault. A vault has no conditional write: who sets a secret, replaces it. So a version
/// counts only when it has stood for a while by the vault's own clock, and a write is given up after a shorter while, counted
/// from the answer that it was decided on. Of several who write at once, the last one wins, before anybody has used a key that the
/// others made; they see that the ring isn't theirs. What this can't rule out is a request that arrives after its sender has
/// given it up for so long. Nothing is lost even then: a replaced version stays in the vault.
/// Who only uses the ring waits for a first one alone, whose keys sign at once. Whatever a rotation made signs later than the version
/// settles and everybody has read it again, and what signs until then is in each version that may win.
/// </summary>
/// <param name="vault">The vault.</param>
/// <param name="secretName">The secret that holds the ring.</param>
/// <param name="clock">What waiting is measured by.</param>
/// <param name="settling">How long a version must have stood; a write may take half of it.</param>
/// <param name="unreadable">Who is told of a version that is no ring.</param>
internal sealed class VaultKeyRingStore(
    SecretClient vault, string secretName, TimeProvider clock, TimeSpan settling, UnreadableRows unreadable) : IKeyRingStore
{
    /// <summary>Long enough for a vault that is slow or busy.</summary>
    public static readonly TimeSpan UsualSettling = TimeSpan.FromSeconds(10);

    // Requests seldom wait for the vault, so it gets more tries than storage.
    private const int MostRetries = 3;

    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(4);

    // The vault tells its times in whole seconds.
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

    // Each version that is found begins another wait, so there are few.
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

    // The vault's own message may repeat what was sent, so it stays out of what is thrown.
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
