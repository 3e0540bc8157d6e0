using System.Collections.Concurrent;
using System.Text;

namespace Serverless.Functions.Mail;

/// <summary>The templates: English is built in; the operator's folder has a folder for each other language, or for other words.
/// Its languages are listed once, and each file is read once, so callers' languages can't fill the memory.</summary>
internal sealed class MailTemplates(IOptions<EmailOptions> options, ILogger<MailTemplates> log)
{
    private const string English = "en";

    // A mail has a few hundred words.
    private const int LongestFile = 64 * 1024;

    private static readonly Lazy<Dictionary<MailKind, MailTemplate>> BuiltIn = new(() => Enum.GetValues<MailKind>().ToDictionary(
        kind => kind,
        kind => MailTemplate.Parse(EmbeddedMail.Read($"{English}/{NameOf(kind)}.txt"), html: null, out var why)
            ?? throw new InvalidOperationException($"{kind}: {why}")));

    private readonly ConcurrentDictionary<(string Language, MailKind Kind), Lazy<MailTemplate?>> _read = [];

    private readonly Dictionary<string, string> _folders = options.Value.Folder is { } folder
        ? Directory.GetDirectories(folder).Where(each => IsTag(Path.GetFileName(each)))
            .ToDictionary(each => Path.GetFileName(each), StringComparer.Ordinal)
        : [];

    public (MailTemplate Template, string Language) Find(MailKind kind, string? tag)
    {
        var language = tag?.Split('-')[0].ToLowerInvariant() ?? English;
        if (_folders.ContainsKey(language) && Get(language, kind) is { } template)
            return (template, language);
        var words = _folders.ContainsKey(English) ? Get(English, kind) : null;
        return (words ?? BuiltIn.Value[kind], English);
    }

    internal static string NameOf(MailKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private static bool IsTag(string name) => name.Length is 2 or 3 && name.All(char.IsAsciiLetterLower);

    private MailTemplate? Get(string language, MailKind kind) =>
        _read.GetOrAdd((language, kind), _ => new(() => ReadFile(language, kind))).Value;

    private MailTemplate? ReadFile(string language, MailKind kind)
    {
        var file = Path.Combine(_folders[language], $"{NameOf(kind)}.txt");
        // Nobody needs to translate English.
        if (language == English && !File.Exists(file))
            return null;
        string? why;
        try
        {
            var page = Path.ChangeExtension(file, ".html");
            if (MailTemplate.Parse(Read(file), File.Exists(page) ? Read(page) : null, out why) is { } template)
                return template;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            why = exception is FileNotFoundException ? "it is missing"
                : exception is DecoderFallbackException ? "it isn't UTF-8" : exception.Message;
        }

        log.TemplateUnusable($"{language}/{Path.GetFileName(file)}", why!);
        return null;
    }

    private static string Read(string file)
    {
        using var stream = File.OpenRead(file);
        if (stream.Length > LongestFile)
            throw new IOException($"it is longer than {LongestFile} bytes");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
    }
}
