namespace Serverless.Sessions.Refresh;

/// <summary>What a refresh means once storage has refused its write, in the order of the table in docs/design.md.</summary>
public abstract record RefreshVerdict
{
    private RefreshVerdict() { }

    public sealed record Ended(EndReason Reason) : RefreshVerdict;
    public sealed record RotateAgain : RefreshVerdict;

    /// <param name="ByAttempt">Whether the caller proved to be the one who rotated it; else it may be another tab.</param>
    public sealed record AlreadyRotated(bool ByAttempt) : RefreshVerdict;
    public sealed record Keep : RefreshVerdict;
    public sealed record Reused : RefreshVerdict;

    public static RefreshVerdict Of(
        RefreshToken token, AttemptHash? attempt, Session? stored, DateTimeOffset now, TimeSpan grace, bool keepsYoung = false)
    {
        if (stored is null)
            return new Ended(EndReason.Unknown);
        if (stored.EndingAt(now) is { } ending)
            return new Ended(ending.Reason);
        // The token is still current, though another change (new roles) may have touched the row.
        if (stored.Generation == token.Generation)
            return keepsYoung && IsWithinGrace(token, now, grace) ? new Keep() : new RotateAgain();
        // Storage failed over to an older copy and lost an acknowledged rotation.
        if (stored.Generation < token.Generation)
            return new RotateAgain();
        // The client's reply was lost, however long ago.
        if (stored.Generation == token.Generation + 1 && attempt is not null && attempt == stored.Attempt)
            return new AlreadyRotated(ByAttempt: true);
        // Another tab, or a lost reply without an attempt. If this clock is behind the writer's, the age is negative and passes.
        if (stored.Rotations.Of(token.Generation, stored.Generation) is { } rotatedAt && now - rotatedAt < grace)
            return new AlreadyRotated(ByAttempt: false);
        return new Reused();
    }

    /// <summary>Whether another response with this token may still reach the browser. It would overwrite the successor in the
    /// cookie, and the next refresh would look like theft, so such a young token isn't rotated.</summary>
    internal static bool IsWithinGrace(RefreshToken token, DateTimeOffset now, TimeSpan grace) => now - token.IssuedAt < grace;
}
