using Azure.Security.KeyVault.Secrets;

namespace Serverless.Tables.Tokens;

/// <summary>The key ring as a secret of an Azure Key Vault, whose newest version counts. A vault has no conditional write, so a
/// writer first takes a lease, in a row of the Security table without keys, and abandons its write halfway through.</summary>
/// <param name="leaseTime">Longer than a write takes; half of it is for clocks that differ.</param>
internal sealed class VaultKeyRingStore(
    SecretClient vault, string secretName, TableSet tables, TimeProvider clock, TimeSpan leaseTime, UnreadableRows unreadable)
    : IKeyRingStore
{
    /// <summary>Long enough for a slow or busy vault.</summary>
    public static readonly TimeSpan UsualLeaseTime = TimeSpan.FromSeconds(10);

    private const string LeaseRow = "lease";
    private const string ExpiresAt = nameof(ExpiresAt);

    // Requests seldom wait for the vault, so it gets more retries than storage.
    private const int MostRetries = 3;

    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(4);

    // Until the lease of a writer that died has expired, by a clock that is behind.
    private readonly RetryPace _pace = new(100, 2.5 * leaseTime, leaseTime / 100, leaseTime / 20);

    public static SecretClientOptions CreateOptions(AzureAccess azure) =>
        azure.Configure(new SecretClientOptions(), new QuickRetries(MostRetries), NetworkTimeout);

    public async Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await SendAsync(vault.GetSecretAsync(secretName, cancellationToken: cancellationToken), cancellationToken) is not { } answer)
            return null;
        var secret = answer.Value;
        if (KeyRingJson.TryRead(secret.Value, out var ring))
            return new(ring, new(secret.Properties.Version));
        unreadable.Report("the key vault", secretName, secret.Properties.Version);
        throw new StorageUnavailableException("The key ring in the vault can't be read.") { IsOneRow = true };
    }

    public async Task<bool> TrySaveAsync(KeyRing ring, RowVersion? expected, CancellationToken cancellationToken)
    {
        var lease = await AcquireLeaseAsync(cancellationToken);
        if ((await ReadAsync(cancellationToken))?.Version != expected)
        {
            await TryReleaseAsync(lease, cancellationToken);
            return false;
        }

        // A write that fails may still arrive: its lease isn't released but expires.
        var version = await SetAsync(ring, lease.ExpiresAt - (leaseTime / 2), cancellationToken);
        return await TryReleaseAsync(lease, cancellationToken) || (await ReadAsync(cancellationToken))?.Version == version;
    }

    private async Task<RowVersion> SetAsync(KeyRing ring, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var left = until - clock.GetUtcNow();
        using var limit = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var secret = new KeyVaultSecret(secretName, KeyRingJson.Write(ring)) { Properties = { ContentType = "application/json" } };
        var answer = await SendAsync(vault.SetSecretAsync(secret, either.Token), cancellationToken)
            ?? throw new StorageUnavailableException("The key vault answered 404 to a write.");
        return new(answer.Value.Properties.Version);
    }

    private async Task<Lease> AcquireLeaseAsync(CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock, _pace); ; await tries.NextAsync(cancellationToken))
        {
            var row = await tables.Security.FindAsync(TableKeyRingStore.Partition, LeaseRow, cancellationToken);
            var left = row?[ExpiresAt] is DateTimeOffset expiresAt ? expiresAt - clock.GetUtcNow() : TimeSpan.Zero;
            // The holder's clock may be ahead, but no lease is longer than that.
            if (left > TimeSpan.Zero && left <= 2 * leaseTime)
                continue;
            var until = clock.GetUtcNow() + leaseTime;
            if (await WriteLeaseAsync(until, row?.Version, cancellationToken) is { } version)
                return new(version, until);
        }
    }

    private async Task<bool> TryReleaseAsync(Lease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteLeaseAsync(clock.GetUtcNow(), lease.Version, cancellationToken) is not null;
        }
        catch (StorageUnavailableException)
        {
            // It expires.
            return true;
        }
    }

    private async Task<RowVersion?> WriteLeaseAsync(
        DateTimeOffset expiresAt, RowVersion? expected, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableKeyRingStore.Partition, LeaseRow) { [ExpiresAt] = expiresAt };
        var answer = await tables.Security.SaveAsync(row, expected, cancellationToken);
        return answer.Value is { } written ? RowChange.VersionOf(written) : null;
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
            throw new StorageUnavailableException("The key vault can't be used right now: " + StorageCall.CauseOf(exception));
        }
    }

    private sealed record Lease(RowVersion Version, DateTimeOffset ExpiresAt);
}
