namespace Serverless.Sessions.Tokens;

/// <summary>Creates the next keys ahead of time and removes those whose tokens have all expired. Idempotent, also across
/// instances; if it doesn't run, the current keys keep signing.</summary>
public sealed class RotateKeys(
    IKeyRingStore store, KeyRingSource keys, IOptions<KeysOptions> options, UnreadableRows unreadable, TimeProvider clock)
{
    /// <summary>An unreadable ring is left alone, since it may hold the only copy of its keys.</summary>
    public async Task<RotateKeysReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var seen = unreadable.Watch();
        try
        {
            return await RotateAsync(cancellationToken);
        }
        catch (StorageUnavailableException exception) when (exception.IsOneRow)
        {
            return new(0, 0, 0, 0, 0, Unreadable: seen.Count);
        }
    }

    private async Task<RotateKeysReport> RotateAsync(CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            if (await store.ReadAsync(cancellationToken) is not { } stored)
            {
                // The service hasn't been used yet: this creates the first ring.
                await keys.GetFreshAsync(cancellationToken);
                continue;
            }

            // Rotating a ring that was rolled back would make it acceptable.
            if (stored.Ring.Sequence < (await keys.GetAsync(cancellationToken)).Sequence)
                return RotateKeysReport.Of(stored.Ring, stored.Ring);
            var next = stored.Ring.Rotate(clock.Now(), options.Value.RotationNotice);
            if (next == stored.Ring || await store.TrySaveAsync(next, stored.Version, cancellationToken))
                return RotateKeysReport.Of(stored.Ring, next);
            // Another instance changed the ring, which may leave nothing to do.
        }
    }
}

/// <summary>Keys created and removed; <c>Unreadable</c> is 1 if the ring couldn't be read, otherwise 0.</summary>
public sealed record RotateKeysReport(
    int SigningAdded, int SigningRemoved, int MacAdded, int MacRemoved, int AuditAdded, int Unreadable = 0)
{
    internal static RotateKeysReport Of(KeyRing before, KeyRing after) => new(
        after.SigningKeys.Except(before.SigningKeys).Count(), before.SigningKeys.Except(after.SigningKeys).Count(),
        after.MacKeys.Except(before.MacKeys).Count(), before.MacKeys.Except(after.MacKeys).Count(),
        after.AuditKeys.Length - before.AuditKeys.Length);
}
