using Microsoft.Extensions.Options;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Tokens;

/// <summary>
/// Makes the next keys ahead of their time and drops those whose tokens have all expired. Run twice, or by two instances at
/// once, it changes the ring once; where it is left out, the keys of now go on signing.
/// </summary>
public sealed class RotateKeys(
    IKeyRingStore store, KeyRingSource keys, IOptions<KeysOptions> options, UnreadableRows unreadable, TimeProvider clock)
{
    /// <summary>Brings the ring up to date. One that is no ring is told and left, since keys are in it that nobody else has.</summary>
    /// <exception cref="StorageUnavailableException">Its store can't be reached; the next run tries again.</exception>
    public async Task<RotateKeysReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var seen = unreadable.Watch();
        try
        {
            return await RotateAsync(cancellationToken);
        }
        catch (StorageUnavailableException exception) when (exception.IsOneRow)
        {
            return new(0, 0, 0, 0, 0) { Unreadable = seen.Count };
        }
    }

    private async Task<RotateKeysReport> RotateAsync(CancellationToken cancellationToken)
    {
        var rotation = KeyRotation.Of(options.Value);
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            if (await store.ReadAsync(cancellationToken) is not { } stored)
            {
                // Nobody has used the service yet: the source makes the first ring.
                await keys.GetFreshAsync(cancellationToken);
                continue;
            }

            var next = stored.Ring.Rotate(clock.Now(), rotation);
            if (next == stored.Ring || await store.TryReplaceAsync(next, stored.Version, cancellationToken))
                return RotateKeysReport.Of(stored.Ring, next);
            // Somebody else changed the ring: theirs may leave nothing to do.
        }
    }
}

/// <summary>What a rotation did.</summary>
/// <param name="SigningAdded">Keys of access tokens that were made.</param>
/// <param name="SigningRemoved">Keys of access tokens that were dropped.</param>
/// <param name="MacAdded">Keys of refresh tokens that were made.</param>
/// <param name="MacRemoved">Keys of refresh tokens that were dropped.</param>
/// <param name="AuditAdded">Keys of log entries that were made.</param>
public sealed record RotateKeysReport(int SigningAdded, int SigningRemoved, int MacAdded, int MacRemoved, int AuditAdded)
{
    /// <summary>Whether the ring couldn't be read: 1, or 0.</summary>
    public int Unreadable { get; init; }

    internal static RotateKeysReport Of(KeyRing before, KeyRing after)
    {
        var signing = (Before: before.SigningKeys.Select(key => key.Id), After: after.SigningKeys.Select(key => key.Id));
        var mac = (Before: before.MacKeys.Select(key => key.Id), After: after.MacKeys.Select(key => key.Id));
        return new(
            signing.After.Except(signing.Before).Count(),
            signing.Before.Except(signing.After).Count(),
            mac.After.Except(mac.Before).Count(),
            mac.Before.Except(mac.After).Count(),
            after.AuditKeys.Length - before.AuditKeys.Length);
    }
}
