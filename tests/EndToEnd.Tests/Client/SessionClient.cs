using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Serialization;

namespace EndToEnd.Tests.Client;

public sealed class SessionClient(Uri baseAddress) : IDisposable
{
    public const string Lines = "application/x-ndjson";

    private static readonly JsonSerializerOptions WithoutNulls =
        new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    })
    { BaseAddress = baseAddress, Timeout = TimeSpan.FromSeconds(60) };

    public void Dispose() => _http.Dispose();

    public Task<Answer> RegisterAsync(string email, string password = AppSettings.Password) =>
        SendAsync(Post("accounts", new { email, password }));

    public Task<Answer> LoginAsync(
        string email, string password, bool? remember = null, string? device = null, string? from = null, string? userAgent = null,
        string? captchaToken = null)
    {
        Issued.Add(password);
        var body = new { email, password, remember, device, captchaToken };
        return SendAsync(Post("sessions/login", body, from).With("User-Agent", userAgent));
    }

    public async Task<Answer> LoginAsAdministratorAsync(string? from = null) =>
        (await LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword, from: from)).IsOk();

    public Task<Answer> RefreshAsync(
        string refreshToken, string? attempt = null, string route = "sessions/refresh", string? from = null, int? idleFor = null) =>
        SendAsync(Post(route, new { refreshToken, attempt, idleFor }, from));

    public Task<Answer> StatusAsync(string accessToken) => GetAsync("sessions/status", accessToken);
    public Task<Answer> LogoutAsync(string accessToken) => CallAsync(HttpMethod.Post, "sessions/logout", accessToken);

    public Task<Answer> LogoutByRefreshTokenAsync(string refreshToken, string? from = null) =>
        SendAsync(Post("sessions/logout", new { refreshToken }, from));

    public Task<Answer> GetAsync(string route, string? accessToken = null, string? ifNoneMatch = null) =>
        SendAsync(WithBearer(Get(route), accessToken).With("If-None-Match", ifNoneMatch));

    public Task<bool> LivesAsync() => AnswersAsync("health/live", 200);

    /// <summary>Whether host or app answers so, if at all.</summary>
    public async Task<bool> AnswersAsync(string route, int status)
    {
        try
        {
            return (await SendToHostAsync(Get(route))).Status == status;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <param name="body">JSON, or what is written as JSON.</param>
    public Task<Answer> CallAsync(HttpMethod method, string route, string? accessToken, object? body = null) =>
        SendAsync(WithBearer(Request(method, route, body), accessToken));

    /// <summary>Sends a line for each account.</summary>
    public Task<Answer> ImportAsync(string accessToken, params IEnumerable<object> accounts)
    {
        var request = WithBearer(Request(HttpMethod.Post, "admin/accounts/import"), accessToken);
        request.Content = Json(string.Concat(accounts.Select(each => $"{each as string ?? JsonSerializer.Serialize(each, WithoutNulls)}\n")));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Lines);
        return SendAsync(request);
    }

    public async Task<Answer> RunTimerAsync(string name) => (await SendToHostAsync(
        new(HttpMethod.Post, new Uri($"admin/functions/{name}", UriKind.Relative)) { Content = Json("{}") })).Is(202);

    /// <summary>Expects an answer as openapi.json promises it.</summary>
    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        var (method, address) = (request.Method, request.RequestUri!.OriginalString);
        var answer = await SendToHostAsync(request);
        OpenApiContract.Holds(method, address, answer);
        return answer;
    }

    /// <summary>Sends a request that the host answers by itself, without asking the app.</summary>
    public async Task<Answer> SendToHostAsync(HttpRequestMessage request)
    {
        using (request)
        {
            request.RequestUri = AsItStands(request.RequestUri!);
            var forwardedFor = request.Headers.NonValidated.TryGetValues("X-Forwarded-For", out var headers) ? headers.ToList() : [];
            Issued.Add(request.Content is null ? "" : Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync()), forwardedFor);
            try
            {
                using var response = await _http.SendAsync(request);
                return await Answer.ReadAsync(response);
            }
            catch (SocketException exception)
            {
                // A server that is killed between the connection and the first byte.
                throw new HttpRequestException(exception.Message, exception);
            }
        }
    }

    public static HttpRequestMessage Request(HttpMethod method, string route, object? body = null) =>
        new(method, Api(route)) { Content = body is null ? null : Json(body) };

    public static HttpRequestMessage Get(string route) => Request(HttpMethod.Get, route);

    public static HttpRequestMessage Post(string route, object? body = null, string? from = null) =>
        Request(HttpMethod.Post, route, body).With("X-Forwarded-For", from);

    public static HttpRequestMessage WithBearer(HttpRequestMessage request, string? accessToken) =>
        request.With("Authorization", accessToken is null ? null : $"Bearer {accessToken}");

    public static Uri Api(string route) => new($"api/{route}", UriKind.Relative);

    // The platform would tidy up an address before it is sent; a stranger doesn't.
    private Uri AsItStands(Uri relative) => new(
        _http.BaseAddress + relative.OriginalString, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static ByteArrayContent Json(object body)
    {
        var json = body as string ?? JsonSerializer.Serialize(body, WithoutNulls);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
