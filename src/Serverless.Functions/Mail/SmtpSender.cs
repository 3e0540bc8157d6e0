using System.Net.Security;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Serverless.Functions.Mail;

/// <summary>Sends mail by SMTP. Each mail has a connection of its own: mails are few and far between, an idle instance is stopped,
/// and a kept connection that the server has closed meanwhile would fail mails that nothing is wrong with. Nothing that the server
/// says gets into a log but its status codes.</summary>
/// <param name="trust">Decides on the server's certificate; null for this machine's rules.</param>
internal sealed class SmtpSender(
    IOptions<EmailOptions> options, IOptions<TokenOptions> tokens, MailTemplates templates, TimeProvider clock,
    ILogger<SmtpSender> log, RemoteCertificateValidationCallback? trust = null) : IEmailSender
{
    private readonly EmailOptions _options = options.Value;
    private readonly Email _from = Email.TryParse(options.Value.From, out var from)
        ? from : throw new InvalidOperationException("The settings were not checked.");
    private readonly string _linkBase = options.Value.LinkBase is { Length: > 0 } page ? page : $"{tokens.Value.Issuer}/demo";

    public int MaximumPerHour => _options.MaximumPerHour;

    internal TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    private string Domain => _from.Value.Split('@')[1];

    public async Task<SendAnswer> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        if (!Email.TryParse(mail.To, out var to))
            return new(SendOutcome.Refused, "its address isn't one");
        using var limit = new CancellationTokenSource(Timeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var client = new SmtpClient
        {
            // Otherwise the server, and whoever reads the mail's headers, learns the machine's name.
            LocalDomain = Domain,
            // As HttpClient does: a list of revoked certificates that can't be fetched would hold up every mail.
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = trust,
        };
        var step = Step.Connect;
        try
        {
            await client.ConnectAsync(_options.SmtpHost, _options.SmtpPort, Security, stop.Token);
            step = Step.LogIn;
            if (_options.SmtpUser.Length > 0)
                await client.AuthenticateAsync(_options.SmtpUser, _options.SmtpPassword, stop.Token);
            step = Step.Send;
            using var message = Write(mail, to);
            var format = FormatOptions.Default.Clone();
            format.International = !message.From.Concat(message.To).Cast<MailboxAddress>().All(IsPlain);
            if (!format.International)
                client.Capabilities &= ~SmtpCapabilities.UTF8; // Or MailKit would send the letters of a domain where the server takes them.
            else if (!client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
                return new(SendOutcome.Refused, "the mail server takes no addresses with letters like this one's (SMTPUTF8)");
            await client.SendAsync(format, message, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Away("the mail server didn't answer in time");
        }
        catch (Exception exception) when (Explain(exception, step) is { } answer)
        {
            return answer;
        }

        await LeaveAsync(client, stop.Token);
        return new(SendOutcome.Sent, "the mail server accepted it");
    }

    private SecureSocketOptions Security => _options.SmtpSecurity switch
    {
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        SmtpSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    // The mail is the server's by now, whatever becomes of the farewell.
    private static async Task LeaveAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception)
            when (exception is IOException or ProtocolException or CommandException or OperationCanceledException)
        {
            // The connection is closed in any case.
        }
    }

    // Null for what nobody expects.
    private SendAnswer? Explain(Exception exception, Step step)
    {
        switch (exception)
        {
            case AuthenticationException:
                var status = exception.InnerException is SmtpCommandException inner ? (int)inner.StatusCode : 0;
                log.MailLoginRefused(status);
                return Away($"the mail server refuses Email__SmtpUser or Email__SmtpPassword ({status})");
            case SmtpCommandException command:
                return Explain(command, step);
            case SocketException socket:
                return Away($"the mail server can't be reached: {socket.SocketErrorCode}");
            case SslHandshakeException:
                return Away("there is no TLS with the mail server: it speaks none there, or its certificate isn't trusted");
            case NotSupportedException:
                return Away($"the mail server doesn't offer {(step == Step.Connect ? "STARTTLS" : "a login")}");
            case ServiceNotAuthenticatedException:
                return Away("the mail server wants a login, or another one than Email__SmtpUser");
            case ProtocolException or ServiceNotConnectedException:
                return Away("the mail server broke off, or doesn't speak SMTP");
            case IOException or TimeoutException:
                return Away("the connection to the mail server broke");
            default:
                return null;
        }
    }

    // RFC 5321, 4.2.1: 4xx is for now, 5xx for good. What concerns the server, the login or the sender's address concerns all mails,
    // and is mended by an operator: the mails wait for that.
    private static SendAnswer Explain(SmtpCommandException refusal, Step step)
    {
        var status = (int)refusal.StatusCode;
        var isOfThisMail = step == Step.Send && status is not (421 or 454 or 530 or 535 or 538) && refusal.ErrorCode switch
        {
            SmtpErrorCode.SenderNotAccepted => false,
            SmtpErrorCode.UnexpectedStatusCode => status is < 500 or > 504, // Not what the server made of our commands.
            _ => true,
        };
        var what = refusal.ErrorCode switch
        {
            SmtpErrorCode.RecipientNotAccepted => "the recipient",
            SmtpErrorCode.MessageNotAccepted => "the mail",
            SmtpErrorCode.SenderNotAccepted => "Email__From",
            _ => step == Step.Connect ? "connections" : "the mail",
        };
        return new(
            !isOfThisMail ? SendOutcome.Away : status >= 500 ? SendOutcome.Refused : SendOutcome.Failed,
            $"the mail server refuses {what} ({status})");
    }

    private static SendAnswer Away(string why) => new(SendOutcome.Away, why);

    // A domain is written in A-labels, which every server takes; letters before the @ need SMTPUTF8 (RFC 6531).
    private static bool IsPlain(MailboxAddress address) => System.Text.Ascii.IsValid(address.GetAddress(idnEncode: true));

    private MimeMessage Write(OutgoingMail mail, Email to)
    {
        var product = TextSanitizer.Strip(_options.FromName, 64) ?? new Uri(_linkBase).Host;
        var (template, language) = templates.Find(mail.Kind, mail.Language);
        var text = template.Render(language, new(LinkOf(mail), to.Address, product, Show(mail.Until, language)));
        var message = new MimeMessage
        {
            MessageId = $"{mail.Id:N}@{Domain}",
            Date = clock.GetUtcNow(),
            Subject = TextSanitizer.Strip(text.Subject, 200) ?? product,
            Body = new MultipartAlternative
            {
                new TextPart("plain") { Text = text.Text },
                new TextPart("html") { Text = text.Html },
            },
        };
        message.From.Add(new MailboxAddress(product, _from.Address));
        message.To.Add(new MailboxAddress("", to.Address));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    // Behind #, so that no server and no referrer ever gets the token.
    private string LinkOf(OutgoingMail mail) => mail.Token is null ? _linkBase : $"{_linkBase}#{ActionOf(mail.Kind)}={mail.Token}";

    private static string ActionOf(MailKind kind) => kind switch
    {
        MailKind.ResetPassword => "reset",
        MailKind.EmailChanged => "revert",
        _ => "verify",
    };

    private static string Show(DateTimeOffset? until, string language)
    {
        CultureInfo culture;
        try
        {
            culture = CultureInfo.GetCultureInfo(language == "en" ? "en-GB" : language, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            culture = CultureInfo.InvariantCulture;
        }

        return until?.UtcDateTime is { } time ? $"{time.ToString("D", culture)}, {time.ToString("HH:mm", culture)} UTC" : "";
    }

    private enum Step
    {
        Connect,
        LogIn,
        Send,
    }
}
