namespace Serverless.Sessions.Text;

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
            "Unicode can't be normalized here: ICU (libicu) must be installed, and DOTNET_SYSTEM_GLOBALIZATION_INVARIANT must not be true.");
}
