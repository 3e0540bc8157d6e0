using Microsoft.Extensions.Options;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Tokens;

/// <summary>Reads access tokens with the keys of now, and once more with newer ones for a key that isn't known.</summary>
public sealed class AccessTokenReader(KeyRingSource keys, IOptions<TokenOptions> options, TimeProvider clock)
{
    private readonly VerifiedTokens _verified = new(options.Value.AccessTokenLifetime, clock);
    private readonly TokenOptions _options = options.Value;

    /// <summary>Whether a token is good, and what it says if it is ours.</summary>
    /// <exception cref="StorageUnavailableException">The keys can't be read, so nothing can be said.</exception>
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
