using Serverless.Sessions;
using Serverless.Sessions.Tokens;

namespace Serverless.Tables.KeyVault;

/// <summary>
/// The key ring as a secret of an Azure Key Vault. A vault has no conditional write: who sets a secret, replaces it. So a version
/// counts only when it has stood for a while by the vault's own clock, and a write is given up after a shorter while, counted
/// from the answer that it was decided on. Of several who write at once, the last one wins, before any of them, or anybody else,
/// has used a ring; all the others see that it isn't theirs. What this can't rule out is a request that arrives after its sender has
/// given it up for so long. Nothing is lost even then: a replaced version stays in the vault.
/// </summary>
/// <param name="vault">The vault.</param>
/// <param name="clock">What waiting is measured by.</param>
/// <param name="settling">How long a version must have stood; a write may take half of it.</param>
internal sealed class VaultKeyRingStore(VaultClient vault, TimeProvider clock, TimeSpan settling) : IKeyRingStore
{
    /// <summary>Long enough for a vault that is slow or busy.</summary>
    public static readonly TimeSpan UsualSettling = TimeSpan.FromSeconds(10);

    // The vault tells its times in whole seconds.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    public async Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await vault.GetAsync(cancellationToken).ConfigureAwait(false) is var (secret, time))
        {
            var created = DateTimeOffset.FromUnixTimeSeconds(secret.Attributes?.Created ?? 0);
            var missing = created + settling + Rounding - time;
            if (missing <= TimeSpan.Zero)
                return new(KeyRingJson.Read(secret.Value), new(secret.Version));
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

    private async Task<string> SetInTimeAsync(string json, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settling / 2, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await vault.SetAsync(json, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StorageUnavailableException("The key vault took too long to store the key ring.", exception);
        }
    }
}
