namespace Serverless.Redis;

/// <summary>What instances tell each other, as one line of text: a kind, the sender, and the rest. Whoever can write to Redis can send
/// it, so what isn't exactly so is ignored.</summary>
internal static class News
{
    private const int NameLength = 16;
    private const char Separator = ' ';
    private const char Beating = 'b';
    private const char Leaving = 'x';

    public static string OfBeat(string sender, Beat beat) => string.Create(
        CultureInfo.InvariantCulture, $"{Beating} {sender} {beat.Number} {beat.Lost} {beat.SentAt.ToUnixTimeMilliseconds()}");

    public static string OfLeaving(string sender) => $"{Leaving} {sender}";
    public static string OfChange(string sender, SessionId id, SessionChange change) => $"{LetterOf(change)} {sender} {id}";

    public static bool IsInstance(string name) => name.Length == NameLength && name.All(char.IsAsciiHexDigitLower);

    public static (string Sender, Beat? Beat, (SessionId Id, SessionChange Change)? Told, bool Leaves)? Read(string text)
    {
        if (text.Length > 100 || text.Split(Separator) is not [[var kind], var sender, .. var rest] || !IsInstance(sender))
            return null;
        return (kind, rest) switch
        {
            (Beating, [var number, var lost, var sentAt])
                when TryRead(number, out var n) && TryRead(lost, out var l) && TryRead(sentAt, out var at)
                && at <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() =>
                (sender, new(n, l, DateTimeOffset.FromUnixTimeMilliseconds(at)), null, false),
            (Leaving, []) => (sender, null, null, true),
            (_, [var id]) when SessionId.TryParse(id, out var session) && ChangeOf(kind) is { } change =>
                (sender, null, (session, change), false),
            _ => null,
        };
    }

    private static bool TryRead(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static char LetterOf(SessionChange change) => change switch
    {
        SessionChange.Changed => 'c',
        SessionChange.Ending => 'e',
        SessionChange.Ended => 'd',
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };

    private static SessionChange? ChangeOf(char letter) => letter switch
    {
        'c' => SessionChange.Changed,
        'e' => SessionChange.Ending,
        'd' => SessionChange.Ended,
        _ => null,
    };
}
