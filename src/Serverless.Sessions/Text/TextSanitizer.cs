namespace Serverless.Sessions.Text;

/// <summary>Finds and strips characters that are invisible or change how others look: controls, line separators, zero-width and
/// bidirectional marks, variation selectors, fillers, and unassigned code points.</summary>
public static class TextSanitizer
{
    private const int ZeroWidthJoiner = 0x200D;

    public static bool Is(Rune character) => IsIgnorable(character.Value) || IsVariationSelector(character.Value)
        || Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;

    /// <summary>Returns the text without them, trimmed, in Unicode NFC and cut to <paramref name="maximumLength"/> UTF-16
    /// characters; null if nothing visible is left. Idempotent. Joiners and selectors inside emoji stay.</summary>
    public static string? Strip(string? text, int maximumLength)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var visible = new StringBuilder(text.Length);
        // Enumerating turns half of a surrogate pair into a replacement character.
        foreach (var rune in text.EnumerateRunes().Where(rune => IsPartOfEmoji(rune.Value) || !Is(rune)))
            visible.Append(rune);

        // Stripping may have brought a letter and its accent together.
        var clean = visible.ToString().Normalize(NormalizationForm.FormC).TrimStart();
        if (clean.Length > maximumLength)
            clean = clean[..(char.IsHighSurrogate(clean[maximumLength - 1]) ? maximumLength - 1 : maximumLength)];
        return clean.TrimEnd() is { } left && left.EnumerateRunes().Any(rune => !IsPartOfEmoji(rune.Value)) ? left : null;
    }

    private static bool IsPartOfEmoji(int character) => character == ZeroWidthJoiner || IsVariationSelector(character);

    private static bool IsVariationSelector(int character) =>
        character is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or (>= 0x180B and <= 0x180D) or 0x180F;

    // The letters and marks among Default_Ignorable_Code_Point, which renderers don't show, and the blank Braille pattern.
    private static bool IsIgnorable(int character) =>
        character is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0;
}

internal static class UnicodeText
{
    /// <summary>Whether <see cref="string.Normalize()"/> accepts a text, without half surrogate pairs and U+FFFE.</summary>
    public static bool CanNormalize(string text) =>
        !text.Contains('\uFFFE', StringComparison.Ordinal) && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}

/// <summary>Refuses to start without ICU: nothing would be normalized, and one email could have several accounts.</summary>
internal sealed class UnicodeCheck(Func<string, string> normalize) : IValidateOptions<SessionOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionOptions options) => normalize("e\u0301").Length == 1
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail(
            "Unicode can't be normalized here: ICU (libicu) must be installed, "
            + "and DOTNET_SYSTEM_GLOBALIZATION_INVARIANT must not be true.");
}
