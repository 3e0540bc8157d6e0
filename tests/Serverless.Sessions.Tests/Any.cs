using FsCheck;

namespace Serverless.Sessions.Tests;

internal static class Any
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Gen<DateTimeOffset> Time { get; } =
        from milliseconds in Gen.Choose(0, int.MaxValue)
        select Epoch.AddMilliseconds(milliseconds * 97L);

    public static Gen<RefreshToken> RefreshToken { get; } =
        from times in Time.ArrayOf(6)
        from methods in Gen.Choose(0, 31)
        from numbers in Gen.Choose(0, int.MaxValue).ArrayOf(2)
        from remember in Gen.Elements(true, false)
        from roles in Gen.Elements("admin", "reader", "größe", "a-b_c.d").ListOf()
        from version in Gen.Elements("W/\"datetime'2026-03-14T09%3A26%3A53.5897932Z'\"", "v1", "é\"'")
        from country in Gen.Elements<string?>(null, "DE", "US")
        select new RefreshToken(
            UserId.New(times[0]), SessionId.New(), Number: numbers[0], Generation: numbers[1], IssuedAt: times[0],
            NumberStartedAt: times[2], ExpiresAt: times[3], AbsoluteExpiresAt: times[4],
            Remember: remember, Claims: new([.. roles], new(times[1], (AuthenticationMethods)methods)), Version: new(version),
            Audit: new(numbers[0], new((UInt128)numbers[1] << 64 | (uint)numbers[0])))
        {
            Country = country,
            CreatedAt = remember ? times[5] : null,
            ExpiryReason = methods % 2 == 0 ? EndReason.Inactive : EndReason.ExpiredIdle,
        };

    /// <summary>The text with one of others in place of each of its characters.</summary>
    public static IEnumerable<string> ChangesOf(string text, string others) =>
        from i in Enumerable.Range(0, text.Length)
        from other in others
        where other != text[i]
        select text[..i] + other + text[(i + 1)..];

    /// <summary>The text cut behind each of its characters, and lengthened.</summary>
    public static IEnumerable<string> CutsOf(string text, params string[] additions) =>
        Enumerable.Range(0, text.Length).Select(length => text[..length]).Concat(additions.Select(addition => text + addition));

    public static T One<T>(Gen<T> values) => values.Sample(1)[0];

    /// <summary>FsCheck throws with the smallest value that breaks the property.</summary>
    public static void Holds<T>(Gen<T> values, Action<T> property, int runs = 100) =>
        Prop.ForAll(Arb.From(values), property).Check(Config.QuickThrowOnFailure.WithMaxTest(runs));
}
