using System.Numerics;

namespace Serverless.Sessions.Text;

/// <summary>Lower-case digits only, so that a hash or id has one spelling.</summary>
internal static class HexDigits
{
    private static readonly SearchValues<char> LowerCase = SearchValues.Create("0123456789abcdef");

    public static bool Are(ReadOnlySpan<char> text, int count) => text.Length == count && !text.ContainsAnyExcept(LowerCase);

    public static bool TryRead<T>(ReadOnlySpan<char> text, int count, out T value)
        where T : struct, INumberBase<T>
    {
        value = default;
        return Are(text, count) && T.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
