namespace Serverless.Sessions.Tokens;

/// <summary>Reads access tokens with the current ring, and if their key is unknown, once more with a newer one.</summary>
public sealed class AccessTokenReader(KeyRingSource keys, IOptions<TokenOptions> options, TimeProvider clock)
{
    private readonly VerifiedTokens _verified = new(options.Value.AccessTokenLifetime, clock);
    private readonly TokenOptions _options = options.Value;

    /// <summary>The token is null if it is <see cref="TokenCheck.Invalid"/>.</summary>
    /// <exception cref="StorageUnavailableException">The keys can't be read, so there is no verdict.</exception>
    public async ValueTask<(TokenCheck Check, AccessToken? Token)> ReadAsync(string text, CancellationToken cancellationToken)
    {
        var ring = await keys.GetAsync(cancellationToken);
        if (_verified.Find(text, ring) is { } known)
            return (clock.GetUtcNow() < known.ExpiresAt ? TokenCheck.Valid : TokenCheck.Expired, known);

        var check = AccessTokenCodec.Read(text, ring, _options, clock.GetUtcNow(), out var token);
        if (check == TokenCheck.UnknownKey)
        {
            ring = await keys.GetNewerAsync(ring, cancellationToken);
            check = AccessTokenCodec.Read(text, ring, _options, clock.GetUtcNow(), out token);
        }

        if (check == TokenCheck.Valid)
            _verified.Keep(text, ring, token!);
        return (check == TokenCheck.UnknownKey ? TokenCheck.Invalid : check, token);
    }
}
