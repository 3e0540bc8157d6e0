using System.Globalization;
using System.Text;

namespace Serverless.Sessions.Text;

/// <summary>Characters that nobody sees, or that change how others are seen: controls, separators of lines, zero-width and
/// bidirectional marks, selectors of variants, fillers, and what isn't assigned.</summary>
public static class TextSanitizer
{
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>Whether a character is one.</summary>
    public static bool Is(Rune character) => IsIgnorable(character.Value) || IsVariationSelector(character.Value)
        || Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;

    /// <summary>A text without them and without blanks around it, in Unicode NFC: stripping it again leaves it as it is. What joins
    /// the parts of an emoji stays. Null where nothing is left.</summary>
    /// <param name="text">What somebody sent.</param>
    /// <param name="maximumLength">How many characters are kept at most.</param>
    public static string? Strip(string? text, int maximumLength)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var visible = new StringBuilder(text.Length);
        // Half of a surrogate pair shows as a replacement character.
        foreach (var rune in text.EnumerateRunes().Where(rune => IsPartOfEmoji(rune.Value) || !Is(rune)))
            visible.Append(rune);

        // Without what stood between them, a letter and its accent may be one.
        var clean = visible.ToString().Normalize(NormalizationForm.FormC).TrimStart();
        if (clean.Length > maximumLength)
            clean = clean[..(char.IsHighSurrogate(clean[maximumLength - 1]) ? maximumLength - 1 : maximumLength)];
        return clean.TrimEnd() is { } left && left.EnumerateRunes().Any(rune => !IsPartOfEmoji(rune.Value)) ? left : null;
    }

    private static bool IsPartOfEmoji(int character) => character == ZeroWidthJoiner || IsVariationSelector(character);

    private static bool IsVariationSelector(int character) =>
        character is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or (>= 0x180B and <= 0x180D) or 0x180F;

    // Of the code points that Unicode has renderers ignore (Default_Ignorable_Code_Point), those that are letters or marks; and the
    // empty pattern of Braille.
    private static bool IsIgnorable(int character) =>
        character is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0;
}
