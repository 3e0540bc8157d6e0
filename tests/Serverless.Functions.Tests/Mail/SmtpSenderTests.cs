using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;

namespace Serverless.Functions.Tests.Mail;

public sealed class SmtpSenderTests
{
    private const string Password = "open sesame";

    private static readonly DateTimeOffset Until = new(2026, 12, 1, 14, 5, 0, TimeSpan.Zero);

    private static readonly OutgoingMail Verification = new(
        Guid.Parse("0123456789abcdef0123456789abcdef"), MailKind.VerifyEmail, "Ann@example.org", "en", "key.secret", Until);

    private readonly Recorded<SmtpSender> _log = new();

    [Fact]
    public async Task A_mail_arrives_as_text_and_as_html_with_its_link_and_says_who_sent_it()
    {
        await using var server = await MailServer.StartAsync();
        Assert.Equal(SendOutcome.Sent, (await SendAsync(server.Port)).Outcome);

        var mail = await server.NextAsync("ann@example.org");
        Assert.Equal(("no-reply@example.com", "Ann@example.org"), (mail.From, mail.To));
        var from = Assert.Single(mail.Message.From.Mailboxes);
        Assert.Equal(("Example & Söhne", "no-reply@example.com"), (from.Name, from.Address));
        Assert.Equal("Please confirm your email address", mail.Subject);
        Assert.Equal("0123456789abcdef0123456789abcdef@example.com", mail.Message.MessageId);
        Assert.Equal("auto-generated", mail.Message.Headers[HeaderId.AutoSubmitted]);
        Assert.InRange(TimeProvider.System.GetUtcNow() - mail.Message.Date, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Equal("https://app.example.com/account#verify=key.secret", mail.Link.AbsoluteUri);
        Assert.Equal("key.secret", mail.Token);

        // The simplest first (RFC 2046, 5.1.4).
        var parts = Assert.IsType<MultipartAlternative>(mail.Message.Body);
        Assert.Equal(["text/plain", "text/html"], parts.Select(part => part.ContentType.MimeType));
        Assert.Contains("signed up for Example & Söhne as Ann@example.org", mail.Text, StringComparison.Ordinal);
        Assert.Matches("until (Tuesday,? )?1 December 2026, 14:05 UTC", mail.Text);
        Assert.Contains("<a class=\"button\" href=\"https://app.example.com/account#verify=key.secret\">Confirm my address</a>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("signed up for Example &amp; Söhne as Ann@example.org", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_is_sent_again_has_the_same_id()
    {
        await using var server = await MailServer.StartAsync();
        await SendAsync(server.Port);
        await SendAsync(server.Port);
        Assert.Equal(server.All[0].Message.MessageId, server.All[1].Message.MessageId);
    }

    [Theory]
    [InlineData(MailKind.VerifyEmail, "#verify=key.secret")]
    [InlineData(MailKind.VerifyEmailWithPasskey, "#verify=key.secret")]
    [InlineData(MailKind.ChangeEmail, "#verify=key.secret")]
    [InlineData(MailKind.ResetPassword, "#reset=key.secret")]
    [InlineData(MailKind.EmailChanged, "#revert=key.secret")]
    [InlineData(MailKind.AlreadyRegistered, "")]
    [InlineData(MailKind.PasswordReset, "")]
    [InlineData(MailKind.PasswordChanged, "")]
    [InlineData(MailKind.AccountClosing, "")]
    [InlineData(MailKind.AccountRestored, "")]
    public async Task A_link_leads_to_the_page_and_says_behind_the_hash_what_to_do(MailKind kind, string fragment)
    {
        await using var server = await MailServer.StartAsync();
        await SendAsync(server.Port, Verification with { Kind = kind, Token = fragment.Length > 0 ? "key.secret" : null });
        Assert.Equal($"https://app.example.com/account{fragment}", (await server.NextAsync("ann@example.org")).Link.OriginalString);
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 No such user", SendOutcome.Refused, "the mail server refuses the recipient (550)")]
    [InlineData("RCPT", "553 Bad name", SendOutcome.Refused, "the mail server refuses the recipient (553)")]
    [InlineData("RCPT", "450 4.2.1 Greylisted", SendOutcome.Failed, "the mail server refuses the recipient (450)")]
    [InlineData("RCPT", "452 4.2.2 Over quota", SendOutcome.Failed, "the mail server refuses the recipient (452)")]
    [InlineData("RCPT", "421 Too many", SendOutcome.Away, "the mail server refuses the recipient (421)")]
    [InlineData("RCPT", "530 Log in first", SendOutcome.Away, "the mail server wants a login, or another one than Email__SmtpUser")]
    [InlineData("MAIL", "550 Not you", SendOutcome.Away, "the mail server refuses Email__From (550)")]
    [InlineData("MAIL", "451 Too many", SendOutcome.Away, "the mail server refuses Email__From (451)")]
    [InlineData("DATA", "554 No", SendOutcome.Refused, "the mail server refuses the mail (554)")]
    [InlineData(".", "554 5.7.1 Spam", SendOutcome.Refused, "the mail server refuses the mail (554)")]
    [InlineData(".", "451 Later", SendOutcome.Failed, "the mail server refuses the mail (451)")]
    [InlineData("", "554 Go away", SendOutcome.Away, "the mail server refuses connections (554)")]
    [InlineData("", "421 Too many connections", SendOutcome.Away, "the mail server refuses connections (421)")]
    public async Task What_a_server_answers_decides(string command, string answer, SendOutcome outcome, string why)
    {
        using var server = new ScriptedServer(given =>
            given.Split(' ')[0] == command ? $"{answer} {ScriptedServer.Words}" : ScriptedServer.Usual(given));
        Assert.Equal(new(outcome, why), await SendAsync(server.Port));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("", "SSH-2.0-OpenSSH_9.2")]
    [InlineData("", "HTTP/1.1 400 Bad Request")]
    [InlineData("EHLO", "\u0001\u0002\u0003 garbage")]
    [InlineData("MAIL", null)]
    [InlineData("RCPT", "what?")]
    [InlineData("DATA", null)]
    [InlineData(".", null)]
    [InlineData(".", "garbage")]
    public async Task A_server_that_breaks_off_or_speaks_no_SMTP_is_away(string command, string? answer)
    {
        using var server = new ScriptedServer(given => given.Split(' ')[0] == command ? answer : ScriptedServer.Usual(given));
        Assert.Equal(SendOutcome.Away, (await SendAsync(server.Port)).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("EHLO")]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    [InlineData("DATA")]
    [InlineData(".")]
    public async Task A_server_that_answers_nothing_is_given_up_in_time(string command)
    {
        using var server = new ScriptedServer(given => given.Split(' ')[0] == command ? "" : ScriptedServer.Usual(given));
        Assert.Equal(
            new(SendOutcome.Away, "the mail server didn't answer in time"), await SendAsync(server.Port, timeout: TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_caller_who_stops_is_told_so()
    {
        using var server = new ScriptedServer(_ => "");
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Create(server.Port).SendAsync(Verification, stop.Token));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("500 What?")]
    public async Task A_mail_that_was_accepted_is_sent_whatever_becomes_of_the_farewell(string? farewell)
    {
        using var server = new ScriptedServer(given => given == "QUIT" ? farewell : ScriptedServer.Usual(given));
        Assert.Equal(SendOutcome.Sent, (await SendAsync(server.Port, timeout: TimeSpan.FromSeconds(2))).Outcome);
    }

    [Fact]
    public async Task Where_nobody_listens_the_server_is_away() => Assert.Equal(
        new(SendOutcome.Away, "the mail server can't be reached: ConnectionRefused"), await SendAsync(FreePort.Next()));

    [Fact]
    public async Task A_host_without_an_address_is_away() => Assert.Equal(
        SendOutcome.Away, (await SendAsync(25, set: options => options.SmtpHost = "mail.invalid", timeout: TimeSpan.FromSeconds(5))).Outcome);

    [Theory]
    [InlineData(450, SendOutcome.Failed)]
    [InlineData(550, SendOutcome.Refused)]
    public async Task A_refused_recipient_gets_no_mail_and_the_next_one_does(int status, SendOutcome outcome)
    {
        await using var server = await MailServer.StartAsync();
        server.Refuses = address => address == "Ann@example.org" ? status : null;
        Assert.Equal(new(outcome, $"the mail server refuses the recipient ({status})"), await SendAsync(server.Port));
        Assert.Equal(SendOutcome.Sent, (await SendAsync(server.Port, Verification with { To = "bob@example.org" })).Outcome);
        Assert.Equal("bob@example.org", Assert.Single(server.All).To);
    }

    [Theory]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.Tls)]
    public async Task With_TLS_the_password_is_sent_to_a_server_that_is_trusted_and_to_no_other(SmtpSecurity security)
    {
        using var certificate = Certify();
        await using var server = await MailServer.StartAsync(certificate, security == SmtpSecurity.Tls, Password);
        void Set(EmailOptions options) => (options.SmtpSecurity, options.SmtpUser, options.SmtpPassword) = (security, "app", Password);

        var refused = await SendAsync(server.Port, set: Set);
        Assert.Equal(SendOutcome.Away, refused.Outcome);
        Assert.Contains("certificate", refused.Why, StringComparison.Ordinal);
        Assert.Empty(server.All);
        Assert.Equal(SendOutcome.Sent, (await SendAsync(server.Port, set: Set, trust: (_, given, _, _) => given!.GetCertHashString() == certificate.Thumbprint)).Outcome);
        Assert.Single(server.All);
    }

    [Fact]
    public async Task A_server_that_offers_no_encryption_gets_neither_password_nor_mail()
    {
        using var server = new ScriptedServer(ScriptedServer.Usual);
        var answer = await SendAsync(server.Port, set: options =>
            (options.SmtpSecurity, options.SmtpUser, options.SmtpPassword) = (SmtpSecurity.StartTls, "app", Password));
        Assert.Equal(new(SendOutcome.Away, "the mail server doesn't offer STARTTLS"), answer);
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal) || command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_password_leaves_the_mail_to_wait_and_the_log_says_why()
    {
        await using var server = await MailServer.StartAsync(password: Password);
        var answer = await SendAsync(server.Port, set: options => (options.SmtpUser, options.SmtpPassword) = ("app", "guess"));
        Assert.Equal(new(SendOutcome.Away, "the mail server refuses Email__SmtpUser or Email__SmtpPassword (535)"), answer);
        Assert.Equal(
            "Error 1018 The mail server refuses Email__SmtpUser or Email__SmtpPassword with status 535, so no mail is sent; the mails wait",
            Assert.Single(_log.Lines));
        Assert.Equal(SendOutcome.Sent, (await SendAsync(server.Port, set: options => (options.SmtpUser, options.SmtpPassword) = ("app", Password))).Outcome);
    }

    [Fact]
    public async Task A_server_without_logins_is_away_where_a_user_is_set()
    {
        await using var server = await MailServer.StartAsync();
        var answer = await SendAsync(server.Port, set: options => (options.SmtpUser, options.SmtpPassword) = ("app", Password));
        Assert.Equal(SendOutcome.Away, answer.Outcome);
    }

    [Fact]
    public async Task Nothing_that_a_server_says_is_repeated()
    {
        foreach (var command in (string[])["", "EHLO", "MAIL", "RCPT", "DATA", "."])
        {
            foreach (var status in (string[])["", "550 "])
            {
                using var server = new ScriptedServer(given =>
                    given.Split(' ')[0] == command ? $"{status}{ScriptedServer.Words}" : ScriptedServer.Usual(given));
                Assert.DoesNotContain(ScriptedServer.Words, $"{await SendAsync(server.Port)} {string.Join(' ', _log.Lines)}", StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task No_value_becomes_a_header_of_its_own()
    {
        await using var server = await MailServer.StartAsync();
        var answer = await SendAsync(
            server.Port, Verification with { Kind = MailKind.AccountRestored, Token = null, Language = "en\r\nBcc: eve@example.org" },
            options => options.FromName = "Example\r\nBcc: eve@example.org\r\n\r\n<b>");
        Assert.Equal(SendOutcome.Sent, answer.Outcome);
        var mail = Assert.Single(server.All);
        Assert.Equal("ExampleBcc: eve@example.org<b>", Assert.Single(mail.Message.From.Mailboxes).Name);
        Assert.Null(mail.Message.Headers[HeaderId.Bcc]);
        Assert.DoesNotContain("org<b>", mail.Html, StringComparison.Ordinal);

        var injected = await SendAsync(server.Port, Verification with { To = "ann@example.org>\r\nRCPT TO:<eve@example.org" });
        Assert.Equal(new(SendOutcome.Refused, "its address isn't one"), injected);
    }

    [Fact]
    public async Task An_address_in_letters_of_another_script_is_written_as_the_server_can_read_it_or_refused()
    {
        await using var server = await MailServer.StartAsync();
        Assert.Equal(SendOutcome.Sent, (await SendAsync(server.Port, Verification with { To = "ann@bücher.example" })).Outcome);
        Assert.Equal("ann@xn--bcher-kva.example", Assert.Single(server.All).To);

        using var old = new ScriptedServer(ScriptedServer.Usual);
        var refused = await SendAsync(old.Port, Verification with { To = "ännchen@example.org" });
        Assert.Equal(SendOutcome.Refused, refused.Outcome);
        using var modern = new ScriptedServer(given => given.StartsWith("EHLO", StringComparison.Ordinal) ? "250-8BITMIME\r\n250 SMTPUTF8" : ScriptedServer.Usual(given));
        Assert.Equal(SendOutcome.Sent, (await SendAsync(modern.Port, Verification with { To = "ännchen@example.org" })).Outcome);
        Assert.Contains("RCPT TO:<ännchen@example.org>", modern.Commands);
    }

    private Task<SendAnswer> SendAsync(
        int port, OutgoingMail? mail = null, Action<EmailOptions>? set = null, TimeSpan? timeout = null,
        RemoteCertificateValidationCallback? trust = null) => Create(port, set, timeout, trust).SendAsync(mail ?? Verification, default);

    private SmtpSender Create(
        int port, Action<EmailOptions>? set = null, TimeSpan? timeout = null, RemoteCertificateValidationCallback? trust = null)
    {
        var options = new EmailOptions
        {
            SmtpHost = "127.0.0.1", SmtpPort = port, SmtpSecurity = SmtpSecurity.None,
            From = "no-reply@example.com", FromName = "Example & Söhne", LinkBase = "https://app.example.com/account",
        };
        set?.Invoke(options);
        var given = Options.Create(options);
        return new(given, Options.Create(new TokenOptions()), new(given, NullLogger<MailTemplates>.Instance), TimeProvider.System, _log, trust)
        {
            Timeout = timeout ?? TimeSpan.FromSeconds(20),
        };
    }

    private static X509Certificate2 Certify()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=mail.example.com", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
