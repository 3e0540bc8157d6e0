using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Functions.Tests.Timeline;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Serverless.Functions.Tests.Push;

public sealed class WebPushSenderTests : IDisposable
{
    private const string Endpoint = $"https://{Receiver.Host}/wpush/v2/gAAAA";

    private static readonly IPAddress Public = IPAddress.Parse("93.184.216.34");
    private static readonly DateTimeOffset At = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);
    private static readonly PushMessage Message = new(AlertKind.NewDevice, At, SessionId.New(), new("203.0.113.7", null, "a phone"));
    private static readonly PushSubscription Browser = Subscribe(Endpoint);

    private readonly Receiver _receiver = new() { Answer = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" };
    private readonly OneRing _ring = new();
    private readonly List<IPEndPoint> _connections = [];
    private IPAddress[] _addresses = [Public];

    public void Dispose() => _receiver.Dispose();

    [Fact]
    public async Task A_message_is_encrypted_and_carries_our_key_and_how_long_and_how_soon_it_is_wanted()
    {
        Assert.Equal(new(SendOutcome.Sent, "it was accepted"), await SendAsync());

        var (headers, body) = Assert.Single(_receiver.Requests);
        Assert.Equal(("POST /wpush/v2/gAAAA HTTP/1.1", "aes128gcm"), (headers[""], headers["content-encoding"]));
        Assert.Equal(("3600", "high"), (headers["ttl"], headers["urgency"]));
        Assert.Equal(new(Public, 443), Assert.Single(_connections));
        Assert.DoesNotContain("phone", body, StringComparison.Ordinal);
        var parts = headers["authorization"]["vapid ".Length..].Split(", ").ToDictionary(part => part[..1], part => part[2..]);
        Assert.Equal(_ring.Stored!.Ring.PushKey!.PublicText, parts["k"]);
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts["t"].Split('.')[1]))!;
        Assert.Equal(($"https://{Receiver.Host}", "mailto:operator@example.com"), ((string?)claims["aud"], (string?)claims["sub"]));
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange((long)claims["exp"]!, now.ToUnixTimeSeconds(), now.AddDays(1).ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("200 OK", SendOutcome.Sent)]
    [InlineData("202 Later", SendOutcome.Sent)]
    [InlineData("204 Fine", SendOutcome.Sent)]
    [InlineData("302 Found\r\nLocation: https://hooks.example.com/elsewhere", SendOutcome.Failed)]
    [InlineData("307 Again\r\nLocation: https://hooks.example.com/elsewhere", SendOutcome.Failed)]
    [InlineData("400 Bad", SendOutcome.Failed)]
    [InlineData("403 Who", SendOutcome.Failed)]
    [InlineData("404 Nothing", SendOutcome.Refused)]
    [InlineData("410 Gone", SendOutcome.Refused)]
    [InlineData("413 Much", SendOutcome.Failed)]
    [InlineData("429 Slowly", SendOutcome.Failed)]
    [InlineData("500 Oops", SendOutcome.Failed)]
    [InlineData("503 Down", SendOutcome.Failed)]
    public async Task What_a_push_service_answers_decides_and_its_body_is_not_waited_for(string answer, SendOutcome outcome)
    {
        _receiver.Answer = $"HTTP/1.1 {answer}\r\nContent-Length: 1000000000\r\n\r\n";
        Assert.Equal(outcome, (await SendAsync()).Outcome);
        Assert.Single(_receiver.Requests);
    }

    [Theory]
    [InlineData("7200", 7200.0)]
    [InlineData("soon", null)]
    public async Task How_long_a_push_service_asks_to_wait_is_heard_and_not_waited_here(string retryAfter, double? seconds)
    {
        _receiver.Answer = $"HTTP/1.1 429 Slowly\r\nRetry-After: {retryAfter}\r\nContent-Length: 0\r\n\r\n";
        Assert.Equal(seconds, (await SendAsync()).RetryAfter?.TotalSeconds);
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task A_push_service_that_answers_nothing_is_given_up_in_time()
    {
        _receiver.IsSilent = true;
        Assert.Equal(new(SendOutcome.Away, "it didn't answer in time"), await SendAsync(timeout: TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_host_with_an_address_that_is_not_public_is_not_connected_to()
    {
        _addresses = [Public, IPAddress.Parse("10.0.0.1")];
        Assert.Equal(new(SendOutcome.Away, "its address is not public"), await SendAsync());
        Assert.Empty(_connections);
    }

    [Fact]
    public async Task A_host_that_is_not_allowed_any_more_is_not_asked_and_its_subscription_is_gone()
    {
        Assert.Equal(new(SendOutcome.Refused, "its host is not allowed"), await SendAsync(Subscribe("https://push.example.net/1")));
        Assert.Empty(_connections);
    }

    [Theory]
    [InlineData("https://fcm.googleapis.com/fcm/send/abc:def", true)]
    [InlineData("https://FCM.googleapis.com/fcm/send/abc", true)]
    [InlineData("https://wns2-by3p.notify.windows.com/w/?token=abc%3d", true)]
    [InlineData("https://updates.push.services.mozilla.com:443/wpush/v2/abc", true)]
    [InlineData("http://fcm.googleapis.com/fcm/send/abc", false)]
    [InlineData("https://fcm.googleapis.com:8443/fcm/send/abc", false)]
    [InlineData("https://notfcm.googleapis.com/fcm/send/abc", false)]
    [InlineData("https://fcm.googleapis.com.example.com/", false)]
    [InlineData("https://fcm.googleapis.com@example.com/", false)]
    [InlineData("https://user@fcm.googleapis.com/", false)]
    [InlineData("https://example.com\\@fcm.googleapis.com/", false)]
    [InlineData("https://fcm.googleapis.com/#part", false)]
    [InlineData("https://fcm.googleapis.com/\nHost: example.com", false)]
    [InlineData(" https://fcm.googleapis.com/", false)]
    [InlineData("//fcm.googleapis.com/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("http://127.0.0.1:9/", false)]
    [InlineData("https://169.254.169.254/", false)]
    [InlineData("", false)]
    public void An_endpoint_is_an_https_url_of_a_known_push_service(string endpoint, bool good)
    {
        Assert.Equal(good, new PushEndpoints(Options.Create(new PushOptions()), new StubEnvironment(Environments.Production)).Allow(endpoint));
        var isLocal = endpoint.StartsWith("http://127.", StringComparison.Ordinal);
        var here = new PushEndpoints(Options.Create(new PushOptions()), new StubEnvironment(Environments.Development));
        Assert.Equal(good || isLocal, here.Allow(endpoint));
    }

    [Fact]
    public void The_longest_endpoint_has_1024_characters()
    {
        var endpoints = new PushEndpoints(Options.Create(new PushOptions()), new StubEnvironment(Environments.Production));
        var longest = "https://fcm.googleapis.com/".PadRight(PushEndpoints.MaximumLength, 'a');
        Assert.Equal((true, false), (endpoints.Allow(longest), endpoints.Allow(longest + "a")));
    }

    [Fact]
    public void The_keys_of_a_browser_are_a_point_on_the_curve_and_16_bytes()
    {
        Assert.True(PushSubscription.IsKey(Browser.Key) && PushSubscription.IsSecret(Browser.Secret));
        var point = Base64Url.DecodeFromChars(Browser.Key);
        point[64] ^= 1;
        string[] wrong = ["", Browser.Secret, Base64Url.EncodeToString(point), Browser.Key + "=", Browser.Key[..^1], new('A', 87)];
        Assert.DoesNotContain(wrong, PushSubscription.IsKey);
        foreach (var secret in (string[])["", Browser.Key, Browser.Secret[..^1], Browser.Secret + "=="])
            Assert.False(PushSubscription.IsSecret(secret));
        Assert.DoesNotContain(Endpoint, $"{Browser} {new { Browser }}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "fcm.googleapis.com", true)]
    [InlineData("mailto:operator@example.com", "", true)]
    [InlineData("https://example.com/contact", "a.example.com, b.example.com", true)]
    [InlineData("operator@example.com", "", false)]
    [InlineData("http://example.com/", "", false)]
    [InlineData("mailto:a\"@example.com", "", false)]
    [InlineData("", "https://fcm.googleapis.com", false)]
    [InlineData("", "*.example.com", false)]
    [InlineData("", "10.0.0.1", false)]
    public void Push_needs_a_contact_and_hosts(string subject, string hosts, bool good)
    {
        var options = new PushOptions { Subject = subject, AllowedHosts = hosts };
        Assert.Equal(good, Validator.TryValidateObject(options, new(options), [], validateAllProperties: true));
    }

    private static PushSubscription Subscribe(string endpoint)
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new(
            endpoint, Base64Url.EncodeToString([4, .. point.X!, .. point.Y!]), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
    }

    private async Task<SendAnswer> SendAsync(PushSubscription? to = null, TimeSpan? timeout = null)
    {
        var options = Options.Create(new PushOptions { Subject = "mailto:operator@example.com", AllowedHosts = "example.com" });
        var keys = new KeyRingSource(_ring, Options.Create(new KeysOptions()), TimeProvider.System, NullLogger<KeyRingSource>.Instance);
        using var sender = new WebPushSender(
            options, keys, new(options, new StubEnvironment(Environments.Production)), TimeProvider.System,
            new((_, _) => Task.FromResult(_addresses), ConnectAsync), _receiver.Trust)
        { Timeout = timeout ?? TimeSpan.FromSeconds(10) };
        return await sender.SendAsync(to ?? Browser, Message, TimeSpan.FromHours(1), default);
    }

    // Leads to the receiver whatever the address.
    private async Task<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        _connections.Add(endPoint);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_receiver.EndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private sealed class OneRing : IKeyRingStore
    {
        public StoredKeyRing? Stored { get; private set; }

        public Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Stored);

        public Task<bool> TrySaveAsync(KeyRing ring, RowVersion? expected, CancellationToken cancellationToken)
        {
            Stored = new(ring, new($"{ring.Sequence}"));
            return Task.FromResult(true);
        }
    }
}
