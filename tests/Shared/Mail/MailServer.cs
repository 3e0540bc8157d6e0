using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Serverless.Testing;

/// <summary>A mail server on this machine that keeps what it gets: <c>var mail = await server.NextAsync(email)</c>.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly List<(ReceivedMail Mail, bool IsTaken)> _mails = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    private MailServer(int port, X509Certificate2? certificate, bool isTlsFromTheStart, string? password)
    {
        Port = port;
        var options = new SmtpServerOptionsBuilder().ServerName("mail.example.com").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port)).AllowUnsecureAuthentication(true);
            if (certificate is not null)
                endpoint.Certificate(certificate).IsSecure(isTlsFromTheStart);
            if (password is not null)
                endpoint.AuthenticationRequired(true);
        }).Build();
        var services = new ServiceProvider();
        services.Add(new Store(this));
        services.Add(new Filter(this));
        services.Add(new DelegatingUserAuthenticator((_, given) => given == password));
        _serving = new SmtpServer.SmtpServer(options, services).StartAsync(_stop.Token);
    }

    public int Port { get; }

    /// <summary>What an app needs to send its mail here.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("Email__SmtpHost", "127.0.0.1"), ("Email__SmtpPort", $"{Port}"), ("Email__SmtpSecurity", "None"),
        ("Email__From", "no-reply@example.com"), ("Email__FromName", "Example"),
    ];

    /// <summary>By the recipient's address: the status to refuse it with, such as 450 or 550; null accepts it.</summary>
    public Func<string, int?> Refuses { get; set; } = _ => null;

    /// <summary>All that came, also what was asked for before.</summary>
    public IReadOnlyList<ReceivedMail> All
    {
        get
        {
            lock (_mails)
                return [.. _mails.Select(each => each.Mail)];
        }
    }

    /// <param name="certificate">For STARTTLS, or for TLS from the start; null for no TLS.</param>
    /// <param name="password">Which any user must give; null for no login.</param>
    public static Task<MailServer> StartAsync(
        X509Certificate2? certificate = null, bool isTlsFromTheStart = false, string? password = null) => FreePort.StartAsync(async port =>
    {
        var server = new MailServer(port, certificate, isTlsFromTheStart, password);
        for (var clock = Stopwatch.StartNew(); !await AnswersAsync(port); await Task.Delay(10))
        {
            if (server._serving.IsFaulted || clock.Elapsed > LongestWait)
                throw new InvalidOperationException($"No mail server: {server._serving.Exception?.GetBaseException().Message}");
        }

        return server;
    });

    /// <summary>Waits for the next mail to an address: the oldest that wasn't asked for yet.</summary>
    /// <exception cref="TimeoutException">None came; the message lists those that did.</exception>
    public async Task<ReceivedMail> NextAsync(string to, TimeSpan? longest = null)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            lock (_mails)
            {
                var at = _mails.FindIndex(each => !each.IsTaken && each.Mail.To.Equals(to, StringComparison.OrdinalIgnoreCase));
                if (at >= 0)
                {
                    _mails[at] = (_mails[at].Mail, IsTaken: true);
                    return _mails[at].Mail;
                }
            }

            if (clock.Elapsed > (longest ?? LongestWait))
                throw new TimeoutException($"No mail to {to}. There were: {string.Join("; ", All)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class Store(MailServer server) : MessageStore
    {
        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var bytes = new MemoryStream(buffer.ToArray());
            var message = await MimeMessage.LoadAsync(bytes, cancellationToken);
            lock (server._mails)
                server._mails.Add((new(message, transaction.From.AsAddress(), transaction.To.Single().AsAddress()), IsTaken: false));
            return SmtpResponse.Ok;
        }
    }

    private sealed class Filter(MailServer server) : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(
            ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
            server.Refuses(to.AsAddress()) is { } status
                ? throw new SmtpResponseException(new((SmtpReplyCode)status, "refused as the test asked"))
                : Task.FromResult(true);
    }
}

/// <param name="From">Of the envelope, as <c>To</c>.</param>
public sealed partial record ReceivedMail(MimeMessage Message, string From, string To)
{
    public string Subject => Message.Subject ?? "";
    public string Text => Message.TextBody ?? "";
    public string Html => Message.HtmlBody ?? "";

    /// <summary>Where its button leads.</summary>
    public Uri Link => new(Links().Match(Text).Value);

    /// <summary>What is behind <c>#verify=</c>, <c>#reset=</c> or <c>#revert=</c> in its link.</summary>
    public string Token => Link.Fragment.Split('=', 2)[1];

    public override string ToString() => $"{To}: {Subject}";

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Links();
}
