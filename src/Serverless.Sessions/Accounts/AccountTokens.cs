namespace Serverless.Sessions.Accounts;

/// <summary>Finds the stored token that a caller presents, with what is stored beside it.</summary>
public sealed class AccountTokens(IAccountStore accounts, KeyRingSource keys, TimeProvider clock)
{
    /// <summary>Null for any text that isn't a valid token of this purpose: malformed, expired, replaced or used.</summary>
    internal async Task<FoundToken?> FindAsync(string text, TokenPurpose purpose, CancellationToken cancellationToken)
    {
        if (!AccountTokenCodec.TryParse(text, out var presented))
            return null;
        var stored = await accounts.ReadAsync(presented.Account, cancellationToken);
        if (stored.Find(purpose) is not { } token || token.ExpiresAt <= clock.GetUtcNow())
            return null;
        var ring = await keys.GetAsync(cancellationToken);
        if (ring.FindMac(token.Key) is null)
            ring = await keys.GetNewerAsync(ring, cancellationToken);
        return AccountTokenCodec.Verify(presented, token, ring) ? new(presented.Account, stored, token) : null;
    }
}

internal sealed record FoundToken(AccountKey Account, StoredAccount Stored, AccountToken Token);
