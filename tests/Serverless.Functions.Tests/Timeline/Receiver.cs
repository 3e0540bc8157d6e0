using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Serverless.Functions.Tests.Timeline;

/// <summary>A receiver on this machine that speaks TLS as <see cref="Host"/>.</summary>
internal sealed class Receiver : IDisposable
{
    public const string Host = "hooks.example.com";

    private readonly X509Certificate2 _certificate = Certify();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public Receiver()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Answer { get; set; } = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    public bool IsSilent { get; set; }

    public List<(IReadOnlyDictionary<string, string> Headers, string Body)> Requests { get; } = [];

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public X509ChainPolicy Trust
    {
        get
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(_certificate);
            return policy;
        }
    }

    public void Dispose()
    {
        // In this order: a listener that is stopped accepts nothing more, and says so with an exception of its own.
        _stop.Cancel();
        _serving.Wait();
        _listener.Stop();
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            using var reader = new StreamReader(tls, Encoding.ASCII, leaveOpen: true);
            if (await reader.ReadLineAsync(_stop.Token) is not { } request)
                return; // The client shook hands and left.
            var headers = new Dictionary<string, string> { [""] = request };
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                headers[line.Split(": ")[0].ToLowerInvariant()] = line.Split(": ")[1];
            var body = new char[int.Parse(headers["content-length"], CultureInfo.InvariantCulture)];
            await reader.ReadBlockAsync(body, _stop.Token);
            Requests.Add((headers, new(body)));
            if (IsSilent)
                await Task.Delay(Timeout.Infinite, _stop.Token);
            await tls.WriteAsync(Encoding.ASCII.GetBytes(Answer), _stop.Token);
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, or didn't trust it.
        }
    }

    private static X509Certificate2 Certify()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        // With its key in a form that TLS takes on every platform.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
