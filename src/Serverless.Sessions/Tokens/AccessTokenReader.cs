using System.Runtime.InteropServices;

namespace Serverless.Sessions.Tokens;

/// <summary>Reads access tokens with the current ring, and if their key is unknown, once more with a newer one. Caches verified
/// ones: the signature costs more than the rest of a status check, and a client sends the same token until it expires.</summary>
public sealed class AccessTokenReader(KeyRingSource keys, IOptions<TokenOptions> options, TimeProvider clock)
{
    // An entry is about 400 bytes.
    private const int MaximumTokens = 10_000;

    private readonly TokenOptions _options = options.Value;
    private readonly AgedCache<UInt128, (KeyRing Ring, AccessToken Token)> _verified =
        new(MaximumTokens, options.Value.AccessTokenLifetime, clock);

    /// <summary>The token is null if it is <see cref="TokenCheck.Invalid"/>.</summary>
    public async ValueTask<(TokenCheck Check, AccessToken? Token)> ReadAsync(string text, CancellationToken cancellationToken)
    {
        var ring = await keys.GetAsync(cancellationToken);
        if (_verified.TryFind(KeyOf(text), out var found) && found.Ring == ring)
            return (clock.GetUtcNow() < found.Token.ExpiresAt ? TokenCheck.Valid : TokenCheck.Expired, found.Token);

        var check = AccessTokenCodec.Read(text, ring, _options, clock.GetUtcNow(), out var token);
        if (check == TokenCheck.UnknownKey)
        {
            ring = await keys.GetNewerAsync(ring, cancellationToken);
            check = AccessTokenCodec.Read(text, ring, _options, clock.GetUtcNow(), out token);
        }

        if (check == TokenCheck.Valid)
            _verified.Keep(KeyOf(text), (ring, token!), clock.GetTimestamp());
        return (check == TokenCheck.UnknownKey ? TokenCheck.Invalid : check, token);
    }

    private static UInt128 KeyOf(string text) => Digest.Of(MemoryMarshal.AsBytes(text.AsSpan()));
}

/// <summary>The verdict on a token, before storage is read.</summary>
public enum TokenCheck
{
    Valid,
    Expired,

    /// <summary>Malformed, altered, or for another issuer or audience.</summary>
    Invalid,

    /// <summary>The key isn't on this ring; it may be on a newer one.</summary>
    UnknownKey,
}
