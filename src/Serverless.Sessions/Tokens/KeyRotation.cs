using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Tokens;

/// <summary>When keys come and go.</summary>
public sealed record KeyRotation
{
    /// <summary>Longer than any store needs until the ring that was written is the one that stays.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>How long a key signs access tokens.</summary>
    public TimeSpan SigningPeriod { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a key makes refresh tokens. The keys before it are kept as long as their tokens live, so a shorter period makes a
    /// larger ring, and a secret of a vault holds 25 KB.</summary>
    public TimeSpan MacPeriod { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a key chains log entries. All are kept, to check what they chained.</summary>
    public TimeSpan AuditPeriod { get; init; } = TimeSpan.FromDays(365);

    /// <summary>The least time between the making of a key and its first token. An instance may have read its ring one cache time
    /// ago, and another service may have got the JWKS from it just now and keep it for one more; <see cref="Margin"/> is for what a
    /// ring takes to be stored, and for clocks that differ.</summary>
    public required TimeSpan Notice { get; init; }

    /// <summary>The longest life of an access token that can be set.</summary>
    public required TimeSpan AccessTokenLifetime { get; init; }

    /// <summary>The longest life of a refresh token that can be set.</summary>
    public required TimeSpan RefreshTokenLifetime { get; init; }

    /// <summary>What the settings say.</summary>
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
