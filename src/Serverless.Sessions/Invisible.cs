using System.Globalization;
using System.Text;

namespace Serverless.Sessions;

/// <summary>Characters that nobody sees, or that change how others are seen: controls, separators of lines, zero-width and
/// bidirectional marks.</summary>
public static class Invisible
{
    /// <summary>Whether a character is one.</summary>
    public static bool Is(Rune character) => Rune.GetUnicodeCategory(character) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>A text without them and without blanks around it; null where nothing is left.</summary>
    /// <param name="text">What somebody sent.</param>
    /// <param name="maximumLength">How many characters are kept at most.</param>
    public static string? Strip(string? text, int maximumLength)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var clean = new StringBuilder(Math.Min(text.Length, maximumLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > maximumLength)
                break;
            if (!Is(rune))
                clean.Append(rune);
        }

        return clean.ToString().Trim() is { Length: > 0 } left ? left : null;
    }
}
