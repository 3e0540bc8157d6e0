using Serverless.Sessions.Tokens;

namespace Serverless.Sessions;

/// <summary>
/// What a refresh means when storage refused its conditional write: decided in one place, in the order of the table in
/// docs/design.md.
/// </summary>
public abstract record RefreshVerdict
{
    private RefreshVerdict()
    {
    }

    /// <summary>The session is over.</summary>
    /// <param name="Reason">Why, as stored.</param>
    public sealed record Over(EndReason Reason) : RefreshVerdict;

    /// <summary>Rotate the token's generation, but from the state that storage holds now.</summary>
    public sealed record RotateAgain : RefreshVerdict;

    /// <summary>The rotation has happened; answer with the current successor.</summary>
    public sealed record AlreadyRotated : RefreshVerdict;

    /// <summary>A token that was spent is used again: somebody else has a copy.</summary>
    public sealed record Reused : RefreshVerdict;

    /// <summary>Decides.</summary>
    /// <param name="token">The token that came.</param>
    /// <param name="attempt">The attempt that came with it.</param>
    /// <param name="stored">What storage holds, if anything.</param>
    /// <param name="now">The time.</param>
    /// <param name="grace">How long a rotated token is forgiven.</param>
    public static RefreshVerdict Of(
        RefreshToken token, AttemptHash? attempt, Session? stored, DateTimeOffset now, TimeSpan grace)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (stored is null)
            return new Over(EndReason.Unknown);
        if (stored.EndingAt(now) is { } ending)
            return new Over(ending.Reason);
        // Something else touched the row (roles, a label): the token is still the current one.
        if (stored.Generation == token.Generation)
            return new RotateAgain();
        // Storage failed over to an older copy: what it forgot had been acknowledged.
        if (stored.Generation < token.Generation)
            return new RotateAgain();
        // The client's reply was lost, however long ago.
        if (stored.Generation == token.Generation + 1 && attempt is not null && attempt == stored.Attempt)
            return new AlreadyRotated();
        // Another tab, or a lost reply without an attempt. A clock behind the writer's gives a negative age, which passes.
        if (stored.Rotations.Of(token.Generation, stored.Generation) is { } rotatedAt && now - rotatedAt < grace)
            return new AlreadyRotated();
        return new Reused();
    }
}
