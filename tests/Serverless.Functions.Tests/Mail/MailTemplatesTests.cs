namespace Serverless.Functions.Tests.Mail;

public sealed class MailTemplatesTests : IDisposable
{
    private static readonly MailValues Values =
        new("https://app.example.com/#verify=key.secret", "ann@example.org", "Example", "Tuesday 1 December 2026, 14:05 UTC");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mail-templates-");
    private readonly Recorded<MailTemplates> _log = new();

    public static TheoryData<MailKind> Kinds => [.. Enum.GetValues<MailKind>()];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_is_written_in_English_with_a_button_and_whose_account_it_is_and_nothing_from_elsewhere(MailKind kind)
    {
        var mail = Create().Find(kind, null).Template.Render("en", Values);
        Assert.DoesNotContain("{{", mail.Subject + mail.Text + mail.Html, StringComparison.Ordinal);
        Assert.All((string[])[mail.Text, mail.Html], part =>
        {
            Assert.Contains(Values.Link, part, StringComparison.Ordinal);
            Assert.Contains(Values.Email, part, StringComparison.Ordinal);
            Assert.Contains("you", part, StringComparison.Ordinal);
        });
        Assert.Contains($"<a class=\"button\" href=\"{Values.Link}\">", mail.Html, StringComparison.Ordinal);
        Assert.InRange(mail.Subject.Length, 10, 60);
        // What it shows comes with it: nobody learns that it is read.
        Assert.DoesNotMatch("src=|url\\(|@import|<img|<link|<script", mail.Html);
        Assert.Equal([Values.Link], Regex.Matches(mail.Html, "href=\"([^\"]*)\"").Select(match => match.Groups[1].Value).Distinct());
    }

    [Theory]
    [InlineData(MailKind.VerifyEmail)]
    [InlineData(MailKind.VerifyEmailWithPasskey)]
    [InlineData(MailKind.ResetPassword)]
    [InlineData(MailKind.ChangeEmail)]
    [InlineData(MailKind.EmailChanged)]
    [InlineData(MailKind.AccountClosing)]
    public void What_has_an_end_says_when(MailKind kind) =>
        Assert.Contains(Values.Expires, Create().Find(kind, null).Template.Render("en", Values).Text, StringComparison.Ordinal);

    [Fact]
    public void Whom_a_link_gives_a_passkey_is_told_that_it_opens_the_account_before_the_link()
    {
        var mail = Create().Find(MailKind.VerifyEmailWithPasskey, null).Template.Render("en", Values);
        const string told = "that passkey opens the account";
        Assert.All((string[])[mail.Text, mail.Html[mail.Html.IndexOf("<body", StringComparison.Ordinal)..]], part => Assert.InRange(
            part.IndexOf(told, StringComparison.Ordinal), 1, part.IndexOf(Values.Link, StringComparison.Ordinal)));
        Assert.DoesNotContain("passkey", Create().Find(MailKind.VerifyEmail, null).Template.Render("en", Values).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_are_text_in_HTML_and_are_not_looked_at_again()
    {
        Write("en/account_restored.txt", "Subject: {{product}} & you\n\n<i>{{product}}\n{{email}}</i>\n\nOpen {{product}}: {{link}}");
        var mail = Create().Find(MailKind.AccountRestored, "en").Template.Render("en", Values with { Product = "<b>\"{{link}}\"</b>", Email = "o'ann@example.org" });
        Assert.Equal("<b>\"{{link}}\"</b> & you", mail.Subject);
        Assert.StartsWith("<i><b>\"{{link}}\"</b>\no'ann@example.org</i>\n\nOpen <b>", mail.Text, StringComparison.Ordinal);
        Assert.Contains("<p>&lt;i&gt;&lt;b&gt;&quot;{{link}}&quot;&lt;/b&gt;<br>\no&#39;ann@example.org&lt;/i&gt;</p>", mail.Html, StringComparison.Ordinal);
        Assert.Contains(">Open &lt;b&gt;&quot;{{link}}&quot;&lt;/b&gt;</a>", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", mail.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("de-AT", "de")]
    [InlineData("DE", "de")]
    [InlineData("fr", "en")]
    [InlineData("", "en")]
    [InlineData(null, "en")]
    [InlineData("../de", "en")]
    [InlineData("de/../de", "en")]
    [InlineData("a-very-long-tag-that-no-language-has", "en")]
    public void A_language_that_has_a_folder_is_used_and_any_other_is_English(string? tag, string language)
    {
        Write("de/verify_email.txt", "Subject: Bitte bestätigen Sie Ihre Adresse\n\nAdresse bestätigen: {{link}}\n");
        var (template, found) = Create().Find(MailKind.VerifyEmail, tag);
        Assert.Equal(language, found);
        var mail = template.Render(found, Values);
        Assert.Equal(language == "de" ? "Bitte bestätigen Sie Ihre Adresse" : "Please confirm your email address", mail.Subject);
        Assert.Contains($"<html lang=\"{language}\"", mail.Html, StringComparison.Ordinal);
        Assert.Contains(language == "de" ? ">Adresse bestätigen</a>" : ">Confirm my address</a>", mail.Html, StringComparison.Ordinal);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void An_operator_may_write_the_HTML_and_the_English_words()
    {
        Write("en/verify_email.txt", "Subject: Hi\n\nGo: {{link}}");
        Write("en/verify_email.html", "<h1>{{product}}</h1><a href=\"{{link}}\">Go</a>");
        var templates = Create();
        var mail = templates.Find(MailKind.VerifyEmail, "fr").Template.Render("en", Values with { Product = "A & B" });
        Assert.Equal(new("Hi", $"Go: {Values.Link}\n", $"<h1>A &amp; B</h1><a href=\"{Values.Link}\">Go</a>"), mail);
        Assert.Equal("Reset your password", templates.Find(MailKind.ResetPassword, "en").Template.Render("en", Values).Subject);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData(null, "it is missing")]
    [InlineData("", "its first line isn't a subject")]
    [InlineData("Betreff: Hallo\n\n{{link}}", "its first line isn't a subject")]
    [InlineData("Subject:  \n\n{{link}}", "its first line isn't a subject")]
    [InlineData("Subject: Hallo\n\nHallo!", "it has no {{link}}")]
    [InlineData("Subject: Hallo\n\n{{link}} {{name}}", "there is no {{name}}")]
    [InlineData("Subject: {{link}}\n\n{{link}}", "its subject has a {{link}}")]
    [InlineData("latin1", "it isn't UTF-8")]
    [InlineData("long", "it is longer than 65536 bytes")]
    public void What_no_mail_can_be_made_from_is_English_with_one_warning(string? text, string why)
    {
        Write("de/reset_password.txt", "Subject: Neues Passwort\n\n{{link}}");
        if (text == "latin1")
            File.WriteAllBytes(Path.Combine(_folder.FullName, "de/verify_email.txt"), Encoding.Latin1.GetBytes("Subject: Bestätigen\n\n{{link}}"));
        else if (text is not null)
            Write("de/verify_email.txt", text == "long" ? $"Subject: Lang\n\n{{{{link}}}}{new string('x', 65536)}" : text);
        var templates = Create();
        for (var times = 0; times < 3; times++)
            Assert.Equal("Please confirm your email address", templates.Find(MailKind.VerifyEmail, "de").Template.Render("en", Values).Subject);
        Assert.Equal(
            $"Warning 1019 The mail template de/verify_email.txt can't be used, so English is; logged once per instance: {why}",
            Assert.Single(_log.Lines));
        Assert.Equal("Neues Passwort", templates.Find(MailKind.ResetPassword, "de").Template.Render("de", Values).Subject);
    }

    [Fact]
    public void A_file_is_read_once()
    {
        Write("de/verify_email.txt", "Subject: Eins\n\n{{link}}");
        var templates = Create();
        var first = templates.Find(MailKind.VerifyEmail, "de").Template;
        Write("de/verify_email.txt", "Subject: Zwei\n\n{{link}}");
        Assert.Same(first, templates.Find(MailKind.VerifyEmail, "de-CH").Template);
    }

    private MailTemplates Create() => new(Options.Create(new EmailOptions { TemplateFolder = _folder.FullName }), _log);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
