namespace Serverless.Sessions.Tokens;

/// <summary>Reads refresh tokens with the keys of now, and once more with newer ones for a key that isn't known.</summary>
public sealed class RefreshTokenReader(KeyRingSource keys)
{
    /// <summary>What a token says, or null for one that is none of ours.</summary>
    /// <exception cref="StorageUnavailableException">The keys can't be read, so nothing can be said.</exception>
    public async ValueTask<RefreshToken?> ReadAsync(string text, CancellationToken cancellationToken)
    {
        var ring = await keys.GetAsync(cancellationToken).ConfigureAwait(false);
        if (RefreshTokenCodec.Read(text, ring, out var token) == TokenCheck.UnknownKey)
        {
            ring = await keys.GetNewerAsync(ring, cancellationToken).ConfigureAwait(false);
            RefreshTokenCodec.Read(text, ring, out token);
        }

        return token;
    }
}
