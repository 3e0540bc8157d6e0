namespace Serverless.Sessions.Passkeys;

/// <summary>Stores the passkeys of users beside their sessions. A method that returns false changed nothing, since a row isn't as it was
/// read any more, or because an earlier try of its own did it: then read again.</summary>
public interface IPasskeyStore
{
    /// <summary>Reads all that a login by passkey needs to know about a user, in one read.</summary>
    Task<PasskeyFile> ReadAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Opens the first epoch of a new account with the passkey that it has instead of a password: once for each user.</summary>
    Task<bool> TryAddFirstAsync(Account account, Passkey passkey, CancellationToken cancellationToken);

    /// <summary>Takes back <see cref="TryAddFirstAsync"/>, while that epoch is open.</summary>
    Task RemoveFirstAsync(Account account, Passkey passkey, CancellationToken cancellationToken);

    /// <summary>Removes what <see cref="TryAddFirstAsync"/>, or a first epoch alone, left for an account that never came to be; does
    /// nothing if the epochs aren't as they were read any more.</summary>
    Task RemoveAbandonedAsync(UserId user, PasskeyFile abandoned, CancellationToken cancellationToken);

    /// <summary>Adds a passkey, with the use of its challenge, the entry and the notice,
    /// while session and epoch are as they were read.</summary>
    Task<bool> TryAddAsync(
        StoredSession session, Passkey passkey, ChallengeUse challenge, OpenEpoch epoch, LogEntry entry, Notice notice,
        CancellationToken cancellationToken);

    /// <summary>Removes passkeys, with an entry for each, while they, the epoch and the session, if one asks for it, are as they were
    /// read.</summary>
    Task<bool> TryRemoveAsync(
        UserId user, StoredSession? session, IReadOnlyList<Passkey> removed, OpenEpoch epoch, IReadOnlyList<LogEntry> entries,
        CancellationToken cancellationToken);

    /// <summary>Stores whether passkeys are for review, with the entry, while they, the epoch and the session, if one asks for it, are as
    /// they were read; also true if an earlier try with this entry did.</summary>
    Task<bool> TryReviewAsync(
        UserId user, StoredSession? session, IReadOnlyList<Passkey> reviewed, OpenEpoch epoch, LogEntry? entry,
        CancellationToken cancellationToken);

    Task<bool> TryRenameAsync(UserId user, Passkey renamed, CancellationToken cancellationToken);

    /// <summary>Records a refused use, and that its challenge was used; also true if an earlier try with this entry did.</summary>
    Task<bool> TryRefuseAsync(
        UserId user, ChallengeUse challenge, LogEntry entry, Notice notice, CancellationToken cancellationToken);
}

/// <summary>The passkeys of a user, oldest first, the challenges that were used, and the open epochs.</summary>
public sealed record PasskeyFile(
    IReadOnlyList<Passkey> Passkeys, IReadOnlyList<UsedChallenge> Challenges, IReadOnlyList<OpenEpoch> Epochs)
{
    // Of a transaction's hundred rows; the rest goes with the next.
    private const int MostExpired = 50;

    public Passkey? Find(PasskeyId id) => Passkeys.FirstOrDefault(passkey => passkey.Id == id);
    public bool IsUsed(UsedChallenge challenge) => Challenges.Any(each => each.Digest == challenge.Digest);

    /// <summary>The epoch that a change of the passkeys depends on.</summary>
    public OpenEpoch OpenEpoch() => Epochs is [var first, ..] ? first : throw new StorageUnavailableException("A user has no open epoch.");

    /// <summary>The use of a challenge, with the removal of those that have expired.</summary>
    public ChallengeUse Use(UsedChallenge challenge, DateTimeOffset now) =>
        new(challenge, [.. Challenges.Where(each => each.ExpiresAt < now).Take(MostExpired)]);
}

/// <summary><c>Digest</c> is 32 hexadecimal digits; once expired it needn't be kept.</summary>
public sealed record UsedChallenge(string Digest, DateTimeOffset ExpiresAt);

/// <summary>The use of a challenge, which happens once; <c>Expired</c> are removed along.</summary>
public sealed record ChallengeUse(UsedChallenge Used, IReadOnlyList<UsedChallenge> Expired);

/// <summary>The use of a passkey: its next state, on the version that was read, and its challenge.</summary>
public sealed record PasskeyUse(Passkey Passkey, ChallengeUse Challenge);

public sealed record OpenEpoch(Ulid Epoch, AccountKey Account, RowVersion Version);
