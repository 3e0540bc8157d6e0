using System.Net.Sockets;
using System.Security.Cryptography;

namespace Serverless.Functions.Tests.Timeline;

public sealed class SecurityWebhookTests : IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly IPAddress Public = IPAddress.Parse("93.184.216.34");
    private static readonly DateTimeOffset At = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

    private static readonly SecurityEvent Event = new(
        Guid.Parse("0123456789abcdef0123456789abcdef"), SecurityEventKind.NewDevice, At, "203.0.113.7", UserId.New(At),
        Delivery: DeliveryState.Pending);

    private readonly Receiver _receiver = new();
    private readonly List<IPEndPoint> _connections = [];
    private IPAddress[] _addresses = [Public];

    public void Dispose() => _receiver.Dispose();

    [Fact]
    public async Task An_event_is_posted_with_its_id_and_signed_so_that_a_receiver_can_check_it()
    {
        Assert.Equal(new(SendOutcome.Sent, "it answered 204"), await SendAsync());

        var (headers, body) = Assert.Single(_receiver.Requests);
        Assert.Equal(("POST /in?key=7 HTTP/1.1", Receiver.Host, "application/json"), (headers[""], headers["host"], headers["content-type"]));
        Assert.Equal(new(Public, 443), Assert.Single(_connections));
        // As the specification tells a receiver, without the product's code.
        var (id, timestamp) = (headers["webhook-id"], headers["webhook-timestamp"]);
        using var mac = new HMACSHA256(Convert.FromBase64String(Secret.Split('_')[1]));
        var expected = Convert.ToBase64String(mac.ComputeHash(Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));
        Assert.Contains($"v1,{expected}", headers["webhook-signature"].Split(' '));
        Assert.Equal(Event.Id.ToString("N"), id);
        Assert.InRange(long.Parse(timestamp, CultureInfo.InvariantCulture), At.ToUnixTimeSeconds(), long.MaxValue);

        var json = JsonNode.Parse(body)!;
        var data = json["data"]!.AsObject();
        Assert.Equal(("security.new_device", "2026-03-14T09:26:53.589Z"), ((string?)json["type"], (string?)json["timestamp"]));
        Assert.Equal((id, $"{Event.UserId}"), ((string?)data["id"], (string?)data["userId"]));
        Assert.DoesNotContain("delivery", data.Select(field => field.Key));
    }

    [Fact]
    public void A_signature_is_that_of_the_reference_implementation() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of(
            Convert.FromBase64String(Secret["whsec_".Length..]), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8));

    [Theory]
    [InlineData("200 OK", SendOutcome.Sent)]
    [InlineData("299 Fine", SendOutcome.Sent)]
    [InlineData("302 Found\r\nLocation: https://hooks.example.com/elsewhere", SendOutcome.Failed)]
    [InlineData("307 Again\r\nLocation: https://hooks.example.com/elsewhere", SendOutcome.Failed)]
    [InlineData("400 Bad", SendOutcome.Failed)]
    [InlineData("404 Nothing", SendOutcome.Failed)]
    [InlineData("410 Gone", SendOutcome.Refused)]
    [InlineData("429 Slowly", SendOutcome.Away)]
    [InlineData("500 Oops", SendOutcome.Away)]
    [InlineData("503 Down", SendOutcome.Away)]
    public async Task What_a_receiver_answers_decides(string answer, SendOutcome outcome)
    {
        // Of the body nothing is waited for.
        _receiver.Answer = $"HTTP/1.1 {answer}\r\nContent-Length: 1000000000\r\n\r\n";
        Assert.Equal(new(outcome, $"it answered {answer[..3]}"), await SendAsync());
        Assert.Single(_receiver.Requests);
    }

    [Theory]
    [InlineData("7200", 7200.0)]
    [InlineData("Fri, 01 Jan 2100 00:00:00 GMT", double.MaxValue)]
    [InlineData("soon", null)]
    public async Task How_long_a_receiver_asks_to_wait_is_heard(string retryAfter, double? seconds)
    {
        _receiver.Answer = $"HTTP/1.1 429 Slowly\r\nRetry-After: {retryAfter}\r\nContent-Length: 0\r\n\r\n";
        var asked = (await SendAsync()).RetryAfter?.TotalSeconds;
        Assert.Equal(seconds, asked > TimeSpan.FromDays(365).TotalSeconds ? double.MaxValue : asked);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("93.184.216.34", "10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    public async Task A_host_with_an_address_that_is_not_public_is_not_connected_to(params string[] addresses)
    {
        _addresses = [.. addresses.Select(IPAddress.Parse)];
        Assert.Equal(new(SendOutcome.Away, "its address is not public"), await SendAsync());
        Assert.Empty(_connections);
    }

    [Fact]
    public async Task A_host_whose_address_changes_is_looked_at_again_for_each_connection()
    {
        using var webhook = Create();
        _receiver.Answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        Assert.Equal(SendOutcome.Sent, (await webhook.SendAsync(Event, default)).Outcome);
        _addresses = [IPAddress.Loopback];
        Assert.Equal(new(SendOutcome.Away, "its address is not public"), await webhook.SendAsync(Event, default));
        Assert.Single(_connections);
    }

    [Fact]
    public async Task This_machine_is_never_connected_to_by_any_name()
    {
        foreach (var host in (string[])["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"])
        {
            using var webhook = new SecurityWebhook(
                OptionsFor($"https://{host}:{_receiver.EndPoint.Port}/"), TimeProvider.System, PublicConnector.Usual, _receiver.Trust);
            Assert.Equal(new(SendOutcome.Away, "its address is not public"), await webhook.SendAsync(Event, default));
        }
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_refused_and_nothing_is_sent()
    {
        using var webhook = Create(trusts: false);
        Assert.Equal(new(SendOutcome.Away, "it can't be reached: SecureConnectionError"), await webhook.SendAsync(Event, default));
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task A_receiver_that_answers_nothing_is_given_up_in_time()
    {
        _receiver.IsSilent = true;
        using var webhook = Create(timeout: TimeSpan.FromSeconds(2));
        Assert.Equal(new(SendOutcome.Away, "it didn't answer in time"), await webhook.SendAsync(Event, default));
    }

    [Fact]
    public async Task Of_several_addresses_one_that_answers_is_enough()
    {
        _addresses = [IPAddress.Parse("93.184.216.1"), Public];
        Assert.Equal(SendOutcome.Sent, (await SendAsync()).Outcome);
        Assert.Equal(2, _connections.Count);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("https://hooks.example.com/", Secret, true)]
    [InlineData("https://hooks.example.com/", "", false)]
    [InlineData("https://hooks.example.com/", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false)]
    [InlineData("https://hooks.example.com/", "whsec_c2hvcnQ=", false)]
    [InlineData("http://hooks.example.com/", Secret, false)]
    [InlineData("http://localhost/", Secret, false)]
    [InlineData("hooks.example.com", Secret, false)]
    public void A_webhook_needs_https_and_a_secret(string url, string secret, bool good)
    {
        var options = new SecurityWebhookOptions { Url = url, Secret = secret };
        Assert.Equal(good, Validator.TryValidateObject(options, new(options), [], validateAllProperties: true));
    }

    private static IOptions<SecurityWebhookOptions> OptionsFor(string url) =>
        Options.Create(new SecurityWebhookOptions { Url = url, Secret = Secret });

    private SecurityWebhook Create(bool trusts = true, TimeSpan? timeout = null) => new(
        OptionsFor($"https://{Receiver.Host}/in?key=7"), TimeProvider.System, new((_, _) => Task.FromResult(_addresses), ConnectAsync),
        trusts ? _receiver.Trust : null)
    { Timeout = timeout ?? TimeSpan.FromSeconds(10) };

    // Leads to the receiver whatever the address.
    private async Task<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        _connections.Add(endPoint);
        if (!endPoint.Address.Equals(Public))
            throw new SocketException((int)SocketError.ConnectionRefused);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_receiver.EndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task<SendAnswer> SendAsync()
    {
        using var webhook = Create();
        return await webhook.SendAsync(Event, default);
    }
}
