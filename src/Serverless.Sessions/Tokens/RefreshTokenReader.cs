namespace Serverless.Sessions.Tokens;

/// <summary>Reads refresh tokens with the current ring, and if their key is unknown, once more with a newer one.</summary>
public sealed class RefreshTokenReader(KeyRingSource keys)
{
    /// <summary>The token is null unless it is <see cref="TokenCheck.Valid"/>.</summary>
    /// <exception cref="StorageUnavailableException">The keys can't be read, so there is no verdict.</exception>
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
