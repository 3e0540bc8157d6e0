using Azure;
using Azure.Security.KeyVault.Secrets;
using Serverless.Sessions;
using Serverless.Sessions.Tokens;
using Serverless.Tables.Storage;

namespace Serverless.Tables.KeyVault;

/// <summary>
/// The key ring as a secret of an Azure Key Vault. A vault has no conditional write: who sets a secret, replaces it. So a version
/// counts only when it has stood for a while by the vault's own clock, and a write is given up after a shorter while, counted
/// from the answer that it was decided on. Of several who write at once, the last one wins, before any of them, or anybody else,
/// has used a ring; all the others see that it isn't theirs. What this can't rule out is a request that arrives after its sender has
/// given it up for so long. Nothing is lost even then: a replaced version stays in the vault.
/// </summary>
/// <param name="vault">The vault.</param>
/// <param name="secretName">The secret that holds the ring.</param>
/// <param name="clock">What waiting is measured by.</param>
/// <param name="settling">How long a version must have stood; a write may take half of it.</param>
internal sealed class VaultKeyRingStore(SecretClient vault, string secretName, TimeProvider clock, TimeSpan settling) : IKeyRingStore
{
    /// <summary>Long enough for a vault that is slow or busy.</summary>
    public static readonly TimeSpan UsualSettling = TimeSpan.FromSeconds(10);

    // Requests seldom wait for the vault, so it gets more tries than storage.
    private const int Retries = 3;

    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(4);

    // The vault tells its times in whole seconds.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    public static SecretClientOptions CreateOptions(AzureAccess azure) =>
        azure.Configure(new SecretClientOptions(), new QuickRetries(Retries), NetworkTimeout);

    public async Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await GetAsync(cancellationToken).ConfigureAwait(false) is { } answer)
        {
            var secret = answer.Value;
            if (answer.GetRawResponse().Headers.Date is not { } time || secret.Properties.CreatedOn is not { } created)
                throw new StorageUnavailableException("The key vault's answer tells no time.");
            var missing = created + settling + Rounding - time;
            if (missing <= TimeSpan.Zero)
                return new(KeyRingJson.Read(secret.Value), new(secret.Properties.Version));
            await Task.Delay(missing, clock, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    public Task<bool> TryAddAsync(KeyRing ring, CancellationToken cancellationToken) => TrySetAsync(ring, null, cancellationToken);

    public Task<bool> TryReplaceAsync(KeyRing ring, RowVersion expected, CancellationToken cancellationToken) =>
        TrySetAsync(ring, expected, cancellationToken);

    private async Task<bool> TrySetAsync(KeyRing ring, RowVersion? expected, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(cancellationToken).ConfigureAwait(false);
        if (found?.Version != expected)
            return false;
        var version = await SetInTimeAsync(KeyRingJson.Write(ring), cancellationToken).ConfigureAwait(false);
        var settled = await ReadAsync(cancellationToken).ConfigureAwait(false);
        return settled?.Version == new RowVersion(version);
    }

    private Task<Response<KeyVaultSecret>?> GetAsync(CancellationToken cancellationToken) =>
        AskAsync(vault.GetSecretAsync(secretName, cancellationToken: cancellationToken), cancellationToken);

    private async Task<string> SetInTimeAsync(string json, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settling / 2, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var secret = new KeyVaultSecret(secretName, json) { Properties = { ContentType = "application/json" } };
        var answer = await AskAsync(vault.SetSecretAsync(secret, either.Token), cancellationToken).ConfigureAwait(false)
            ?? throw new StorageUnavailableException("The key vault has no place for the secret.");
        return answer.Value.Properties.Version;
    }

    // The vault's own message may repeat what was sent, so it stays out of what is thrown.
    private static async Task<Response<KeyVaultSecret>?> AskAsync(Task<Response<KeyVaultSecret>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call.ConfigureAwait(false);
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
