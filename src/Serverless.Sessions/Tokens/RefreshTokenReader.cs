using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Tokens;

/// <summary>Reads refresh tokens with the keys of now, and once more with newer ones for a key that isn't known.</summary>
public sealed class RefreshTokenReader(KeyRingSource keys)
{
    /// <summary>Whether a token is ours, and what it says if it is.</summary>
    /// <exception cref="StorageUnavailableException">The keys can't be read, so nothing can be said.</exception>
    public async ValueTask<(TokenCheck Check, RefreshToken? Token)> ReadAsync(string text, CancellationToken cancellationToken)
    {
        var ring = await keys.GetAsync(cancellationToken);
        var check = RefreshTokenCodec.Read(text, ring, out var token);
        if (check == TokenCheck.UnknownKey)
        {
            ring = await keys.GetNewerAsync(ring, cancellationToken);
            check = RefreshTokenCodec.Read(text, ring, out token);
        }

        return (check, token);
    }
}
