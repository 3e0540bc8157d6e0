namespace Serverless.Sessions.Login;

/// <summary>The flags of addresses, cached for a minute; the timer that sets them runs only every few minutes.</summary>
public sealed class FlaggedAddresses(ISuspiciousIpStore store, TimeProvider clock)
{
    // A few hundred bytes each; a flood of addresses evicts the oldest.
    private const int MaximumAddresses = 20_000;

    private readonly ReadThroughCache<string, SuspiciousIp?> _known = new(MaximumAddresses, TimeSpan.FromMinutes(1), clock);

    /// <summary>Returns the flag, expired or not.</summary>
    internal ValueTask<SuspiciousIp?> FindAsync(string addressGroup, CancellationToken cancellationToken) =>
        _known.GetAsync(addressGroup, token => store.FindAsync(addressGroup, token), cancellationToken);
}
