using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Serverless.Functions.Mail;
using Serverless.Sessions.Mail;

namespace Serverless.Documents;

/// <summary>Every mail in English as a page, to look at and to test in a browser.</summary>
internal static class MailPages
{
    // Of lengths as they occur.
    private static readonly MailValues Values = new(
        $"https://app.example.com/login#reset={new string('7', 32)}.{new string('k', 43)}", "margarethe.hollingsworth@mail.example.org",
        "Northwind", "Tuesday 1 December 2026, 14:05 UTC");

    public static async Task WriteAsync(string folder)
    {
        var templates = new MailTemplates(Options.Create(new EmailOptions()), NullLogger<MailTemplates>.Instance);
        foreach (var kind in Enum.GetValues<MailKind>())
        {
            var (template, language) = templates.Find(kind, null);
            await File.WriteAllTextAsync(
                Path.Combine(folder, $"{MailTemplates.NameOf(kind)}.html"), template.Render(language, Values).Html);
        }
    }
}
