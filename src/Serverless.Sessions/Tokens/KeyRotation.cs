namespace Serverless.Sessions.Tokens;

/// <summary>How long keys sign, and stay. The lifetimes of tokens are the longest that the settings allow, as they may have been
/// higher when a token was made. <c>Notice</c> is the least time between the creation of a key and its first token: the cache
/// time of an instance's ring, that of a service's copy of the JWKS, and a margin.</summary>
public sealed record KeyRotation(TimeSpan Notice)
{
    // Allows for storing a ring and for clocks that differ.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    public TimeSpan SigningPeriod { get; } = TimeSpan.FromDays(30);

    /// <summary>Previous keys are kept as long as their tokens live, so a shorter period makes a larger ring, and a secret of a
    /// vault holds 25 KB.</summary>
    public TimeSpan MacPeriod { get; } = TimeSpan.FromDays(30);

    /// <summary>All audit keys are kept, to check what they chained.</summary>
    public TimeSpan AuditPeriod { get; } = TimeSpan.FromDays(365);

    public TimeSpan AccessTokenLifetime { get; } = TokenOptions.LongestLifetime;

    public TimeSpan RefreshTokenLifetime { get; } = SessionOptions.LongestLifetime;

    public static KeyRotation Of(KeysOptions keys) => new((2 * keys.JwksCacheLifetime) + Margin);
}
