namespace Serverless.Sessions.Refresh;

/// <summary>The hash of a random value that the client stored before it sent a refresh. The same attempt again is the same client
/// whose reply was lost, however late it comes.</summary>
public readonly record struct AttemptHash(string Value)
{
    /// <summary>The fewest characters of an attempt; fewer can't be a random value.</summary>
    public const int MinimumLength = 8;

    public const int MaximumLength = 128;

    public static AttemptHash Of(string attempt) => new(Digest.HexOf(attempt));

    public override string ToString() => Value;
}
