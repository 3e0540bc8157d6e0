using Serverless.Sessions.Ending;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.Refresh;

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
    public sealed record Ended(EndReason Reason) : RefreshVerdict;

    /// <summary>Rotate the token's generation, but from the state that storage holds now.</summary>
    public sealed record RotateAgain : RefreshVerdict;

    /// <summary>The rotation has happened; answer with the current successor.</summary>
    public sealed record AlreadyRotated : RefreshVerdict;

    /// <summary>The token came by cookie and is the current one, but too young to be rotated: it stays the current one.</summary>
    public sealed record Keep : RefreshVerdict;

    /// <summary>A token that was spent is used again: somebody else has a copy.</summary>
    public sealed record Reused : RefreshVerdict;

    /// <summary>Decides.</summary>
    /// <param name="token">The token that came.</param>
    /// <param name="attempt">The attempt that came with it.</param>
    /// <param name="stored">What storage holds, if anything.</param>
    /// <param name="grace">How long a rotated token is forgiven.</param>
    /// <param name="byCookie">Whether a browser keeps the token in a cookie.</param>
    public static RefreshVerdict Of(
        RefreshToken token, AttemptHash? attempt, Session? stored, DateTimeOffset now, TimeSpan grace, bool byCookie = false)
    {
        if (stored is null)
            return new Ended(EndReason.Unknown);
        if (stored.EndingAt(now) is { } ending)
            return new Ended(ending.Reason);
        if (stored.Generation == token.Generation && byCookie && MayComeBack(token, now, grace))
            return new Keep();
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

    /// <summary>
    /// Whether another answer with this token may still be on its way to the browser. It would put the token back into the cookie
    /// over its successor, and the next refresh would look like theft; so a token as young as this isn't rotated.
    /// </summary>
    internal static bool MayComeBack(RefreshToken token, DateTimeOffset now, TimeSpan grace) => now - token.IssuedAt < grace;
}
