using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Tokens;

/// <summary>The schedule of key rotation.</summary>
public sealed record KeyRotation
{
    /// <summary>Allows for storing a ring and for clocks that differ.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>How long a key signs access tokens.</summary>
    public required TimeSpan SigningPeriod { get; init; }

    /// <summary>How long a key authenticates new refresh tokens.</summary>
    public required TimeSpan MacPeriod { get; init; }

    /// <summary>How long a key chains log entries.</summary>
    public required TimeSpan AuditPeriod { get; init; }

    /// <summary>The least time between the creation of a key and its first token: an instance may have read its ring one cache
    /// time ago, a service may have just fetched that instance's JWKS and keep it for another, and <see cref="Margin"/> is
    /// added.</summary>
    public required TimeSpan Notice { get; init; }

    /// <summary>The longest lifetime of an access token that the settings allow.</summary>
    public required TimeSpan AccessTokenLifetime { get; init; }

    /// <summary>The longest lifetime of a refresh token that the settings allow.</summary>
    public required TimeSpan RefreshTokenLifetime { get; init; }

    /// <summary>The schedule that the settings define.</summary>
    public static KeyRotation Of(KeysOptions keys)
    {
        return new()
        {
            SigningPeriod = TimeSpan.FromDays(keys.SigningKeyDays),
            MacPeriod = TimeSpan.FromDays(keys.MacKeyDays),
            AuditPeriod = TimeSpan.FromDays(keys.AuditKeyDays),
            Notice = (2 * keys.JwksCache) + Margin,
            // The maximum, since the settings may have been higher when a token was issued.
            AccessTokenLifetime = TimeSpan.FromSeconds(TokenOptions.MaximumSeconds),
            RefreshTokenLifetime = TimeSpan.FromHours(SessionOptions.MaximumHours),
        };
    }
}
