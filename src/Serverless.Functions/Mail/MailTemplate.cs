using System.Text;
using System.Text.RegularExpressions;

namespace Serverless.Functions.Mail;

/// <summary>The words of one kind of mail in one language: <c>Subject: ...</c>, an empty line, and paragraphs. Its HTML is made
/// from them, unless there is one of its own.</summary>
internal sealed partial class MailTemplate
{
    private const string SubjectMark = "Subject: ";

    private static readonly string Layout = EmbeddedMail.Read("layout.html");

    private readonly string _subject;
    private readonly string _text;
    private readonly string? _html;

    private MailTemplate(string subject, string text, string? html) => (_subject, _text, _html) = (subject, text, html);

    /// <summary>Returns null and the reason for a template that no mail can be made from.</summary>
    public static MailTemplate? Parse(string text, string? html, out string? why)
    {
        var lines = text.ReplaceLineEndings("\n").TrimStart('\uFEFF').Split('\n', 2);
        var subject = lines[0].StartsWith(SubjectMark, StringComparison.Ordinal) ? lines[0][SubjectMark.Length..].Trim() : "";
        var body = lines.Length == 2 ? lines[1].Trim('\n', ' ') : "";
        why = subject.Length == 0 ? "its first line isn't a subject"
            : !body.Contains("{{link}}", StringComparison.Ordinal) || html?.Contains("{{link}}", StringComparison.Ordinal) == false
                ? "it has no {{link}}"
            : Placeholder().Matches(subject + body + html).Select(match => match.Groups[1].Value)
                .FirstOrDefault(name => !MailValues.Names.Contains(name)) is { } unknown ? $"there is no {{{{{unknown}}}}}"
            : subject.Contains("{{link}}", StringComparison.Ordinal) ? "its subject has a {{link}}"
            : null;
        return why is null ? new(subject, body, html) : null;
    }

    public MailText Render(string language, MailValues values) => new(
        Fill(_subject, values.Of), Fill(_text, values.Of) + "\n",
        _html is not null ? Fill(_html, name => Encode(values.Of(name))) : ToHtml(language, values));

    private string ToHtml(string language, MailValues values)
    {
        var paragraphs = _text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var body = string.Concat(paragraphs.Select(paragraph => ToParagraph(paragraph, values)));
        // In one pass: what was filled in isn't looked at again.
        return Fill(Layout, name => name switch
        {
            "language" => Encode(language),
            "subject" => Encode(Fill(_subject, values.Of)),
            "body" => body,
            _ => Encode(values.Of(name)),
        });
    }

    // "Log in: {{link}}" alone is a button, with the link below for who would rather see or copy it.
    private static string ToParagraph(string paragraph, MailValues values)
    {
        var link = Encode(values.Link);
        if (Button().Match(paragraph.Trim('\n')) is { Success: true } button)
        {
            var label = Fill(Encode(button.Groups[1].Value), name => Encode(values.Of(name)));
            return $"<p class=\"act\"><a class=\"button\" href=\"{link}\">{label}</a></p>\n"
                + $"<p class=\"link\"><a href=\"{link}\">{link}</a></p>\n";
        }

        var text = Fill(
            Encode(paragraph.Trim('\n')), name => name == "link" ? $"<a href=\"{link}\">{link}</a>" : Encode(values.Of(name)));
        return $"<p>{text.Replace("\n", "<br>\n", StringComparison.Ordinal)}</p>\n";
    }

    private static string Fill(string text, Func<string, string> valueOf) =>
        Placeholder().Replace(text, match => valueOf(match.Groups[1].Value));

    // Not WebUtility's: it would write every letter of another script as a number.
    private static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var sign in text)
        {
            _ = sign switch
            {
                '&' => encoded.Append("&amp;"),
                '<' => encoded.Append("&lt;"),
                '>' => encoded.Append("&gt;"),
                '"' => encoded.Append("&quot;"),
                '\'' => encoded.Append("&#39;"),
                _ => encoded.Append(sign),
            };
        }

        return encoded.ToString();
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^([^\n]+?)[:\uFF1A]\s*\{\{link\}\}$")]
    private static partial Regex Button();
}

/// <summary>A mail as it is read.</summary>
internal sealed record MailText(string Subject, string Text, string Html);

/// <summary>What the placeholders of a template stand for.</summary>
internal sealed record MailValues(string Link, string Email, string Product, string Expires)
{
    public static IReadOnlyList<string> Names { get; } = ["link", "email", "product", "expires"];

    public string Of(string name) => name switch
    {
        "link" => Link,
        "email" => Email,
        "product" => Product,
        _ => Expires,
    };
}

internal static class EmbeddedMail
{
    public static string Read(string name)
    {
        using var resource = new StreamReader(typeof(EmbeddedMail).Assembly.GetManifestResourceStream($"mail/{name}")!);
        return resource.ReadToEnd();
    }
}
