using Microsoft.Extensions.Caching.Memory;
using Serverless.Sessions.SuspiciousIps;

namespace Serverless.Sessions.Captcha;

/// <summary>The flags of addresses as this instance read them within the last minute; the timer that sets them runs every few
/// minutes, so nothing is lost.</summary>
public sealed class FlaggedAddresses(ISuspiciousIpStore store, TimeProvider clock) : IDisposable
{
    // A few hundred bytes each. Beyond that an address is read every time, so a flood of addresses fills nothing.
    private const int MaximumAddresses = 20_000;

    private static readonly TimeSpan Staleness = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = MaximumAddresses });

    /// <inheritdoc/>
    public void Dispose() => _known.Dispose();

    /// <summary>The flag of an address, expired or not; null where it has none.</summary>
    internal async Task<SuspiciousIp?> FindAsync(string addressGroup, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(addressGroup, out Known? known) && clock.GetElapsedTime(known!.ReadAt) < Staleness)
            return known.Flag;
        var readAt = clock.GetTimestamp();
        var flag = await store.FindAsync(addressGroup, cancellationToken).ConfigureAwait(false);
        using var entry = _known.CreateEntry(addressGroup);
        entry.Value = new Known(flag, readAt);
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = Staleness;
        return flag;
    }

    private sealed record Known(SuspiciousIp? Flag, long ReadAt);
}
