namespace Serverless.Sessions.Tokens;

public sealed record KeyRotation
{
    /// <summary>Allows for storing a ring and for clocks that differ.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>How long a key signs access tokens.</summary>
    public TimeSpan SigningPeriod { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a key makes refresh tokens. Previous keys are kept as long as their tokens live, so a shorter period
    /// makes a larger ring, and a secret of a vault holds 25 KB.</summary>
    public TimeSpan MacPeriod { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a key chains log entries. All are kept, to check what they chained.</summary>
    public TimeSpan AuditPeriod { get; init; } = TimeSpan.FromDays(365);

    /// <summary>The least time between the creation of a key and its first token: the cache time of an instance's ring, that of a
    /// service's copy of the JWKS, and <see cref="Margin"/>.</summary>
    public required TimeSpan Notice { get; init; }

    /// <summary>The longest that the settings allow.</summary>
    public required TimeSpan AccessTokenLifetime { get; init; }

    /// <summary>The longest that the settings allow.</summary>
    public required TimeSpan RefreshTokenLifetime { get; init; }

    public static KeyRotation Of(KeysOptions keys)
    {
        return new()
        {
            Notice = (2 * keys.JwksCacheLifetime) + Margin,
            // The settings may have been higher when a token was made.
            AccessTokenLifetime = TokenOptions.LongestLifetime,
            RefreshTokenLifetime = SessionOptions.LongestLifetime,
        };
    }
}
