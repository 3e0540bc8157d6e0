using Azure.Security.KeyVault.Secrets;

namespace Serverless.Tables.Tokens;

/// <summary>
/// The key ring as a secret of an Azure Key Vault, whose newest version counts. A vault has no conditional write, so a writer takes a turn
/// first, in a row of the Security table, and abandons its write after half of it. A write that arrives even later replaces the ring;
/// the replaced version stays in the vault. The row knows no keys: whoever can write to storage can delay a rotation, but not roll it back.
/// </summary>
/// <param name="longestTurn">After which another writer takes its turn.</param>
internal sealed class VaultKeyRingStore(
    SecretClient vault, string secretName, TableSet tables, TimeProvider clock, TimeSpan longestTurn, UnreadableRows unreadable) : IKeyRingStore
{
    /// <summary>Long enough for a slow or busy vault.</summary>
    public static readonly TimeSpan UsualTurn = TimeSpan.FromSeconds(10);

    private const string TurnRow = "turn";
    private const string Until = nameof(Until);

    // Requests seldom wait for the vault, so it gets more retries than storage.
    private const int MostRetries = 3;

    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(4);

    private readonly TableClient _table = tables.Security;

    // Until a writer that died has had its turn.
    private readonly RetryPace _pace = new(60, longestTurn + (longestTurn / 2), longestTurn / 100, longestTurn / 20);

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

    public Task<bool> TryAddAsync(KeyRing ring, CancellationToken cancellationToken) => TrySetAsync(ring, null, cancellationToken);

    public Task<bool> TryReplaceAsync(KeyRing ring, RowVersion expected, CancellationToken cancellationToken) =>
        TrySetAsync(ring, expected, cancellationToken);

    private async Task<bool> TrySetAsync(KeyRing ring, RowVersion? expected, CancellationToken cancellationToken)
    {
        var turn = await TakeTurnAsync(cancellationToken);
        using var limit = new CancellationTokenSource(longestTurn / 2, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var isExpected = (await ReadAsync(cancellationToken))?.Version == expected;
        if (isExpected)
        {
            var secret = new KeyVaultSecret(secretName, KeyRingJson.Write(ring)) { Properties = { ContentType = "application/json" } };
            if (await SendAsync(vault.SetSecretAsync(secret, either.Token), cancellationToken) is null)
                throw new StorageUnavailableException("The key vault has no place for the secret.");
        }

        // A turn that isn't ended here, because the write failed and may still arrive, ends by itself.
        await SetTurnAsync(clock.GetUtcNow(), turn, cancellationToken);
        return isExpected;
    }

    private async Task<ETag> TakeTurnAsync(CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock, _pace); ; await tries.NextAsync(cancellationToken))
        {
            var row = await _table.FindAsync(TableKeyRingStore.Partition, TurnRow, cancellationToken);
            // A time that is further away was not written by a writer like this one.
            var left = row?[Until] is DateTimeOffset until ? until - clock.GetUtcNow() : TimeSpan.Zero;
            if (left > TimeSpan.Zero && left <= longestTurn)
                continue;
            if (await SetTurnAsync(clock.GetUtcNow() + longestTurn, row?.ETag, cancellationToken) is { } turn)
                return turn;
        }
    }

    /// <returns>The row's new version; null if another writer was faster.</returns>
    private async Task<ETag?> SetTurnAsync(DateTimeOffset until, ETag? expected, CancellationToken cancellationToken)
    {
        var row = new TableEntity(TableKeyRingStore.Partition, TurnRow) { [Until] = until };
        var answer = await StorageCall.SendAsync(
            expected is { } version
                ? _table.UpdateEntityAsync(row, version, TableUpdateMode.Replace, cancellationToken)
                : _table.AddEntityAsync(row, cancellationToken),
            cancellationToken);
        return answer.Value?.Headers.ETag;
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
