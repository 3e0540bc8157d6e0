using System.Net.Http.Headers;
using System.Net.Sockets;

namespace EndToEnd.Tests.Client;

public sealed class SessionClient : IDisposable
{
    private readonly HttpClient _http;

    public SessionClient(Uri baseAddress)
    {
        var handler = new SocketsHttpHandler
        { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        _http = new(handler) { BaseAddress = baseAddress, Timeout = TimeSpan.FromSeconds(60) };
    }

    public void Dispose() => _http.Dispose();

    public Task<Answer> LoginAsync(
        string email, string password, bool? remember = null, string? device = null, string? from = null, string? userAgent = null,
        string? captchaToken = null)
    {
        Issued.Add(password);
        var body = new JsonObject { ["email"] = email, ["password"] = password };
        if (remember is { } choice)
            body["remember"] = choice;
        if (device is not null)
            body["device"] = device;
        if (captchaToken is not null)
            body["captchaToken"] = captchaToken;
        var request = Post("sessions/login", body.ToJsonString(), from);
        if (userAgent is not null)
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        return SendAsync(request);
    }

    public Task<Answer> RefreshAsync(
        string refreshToken, string? attempt = null, string route = "sessions/refresh", string? from = null)
    {
        var body = new JsonObject { ["refreshToken"] = refreshToken };
        if (attempt is not null)
            body["attempt"] = attempt;
        return SendAsync(Post(route, body.ToJsonString(), from));
    }

    public Task<Answer> StatusAsync(string accessToken) => SendAsync(WithBearer(new(HttpMethod.Get, Api("sessions/status")), accessToken));

    public Task<Answer> LogoutAsync(string accessToken) => SendAsync(WithBearer(new(HttpMethod.Post, Api("sessions/logout")), accessToken));

    public Task<Answer> LogoutByRefreshTokenAsync(string refreshToken, string? from = null) =>
        SendAsync(Post("sessions/logout", new JsonObject { ["refreshToken"] = refreshToken }.ToJsonString(), from));

    public Task<Answer> GetAsync(string route, string? ifNoneMatch = null)
    {
        var request = Get(route);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return SendAsync(request);
    }

    public async Task<bool> LivesAsync()
    {
        try
        {
            return (await GetAsync("health/live")).Status == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public Task<Answer> CallAsync(HttpMethod method, string route, string? accessToken, string? json = null)
    {
        var request = new HttpRequestMessage(method, Api(route));
        if (accessToken is not null)
            WithBearer(request, accessToken);
        if (json is not null)
            request.Content = Json(json);
        return SendAsync(request);
    }

    public Task<Answer> RunTimerAsync(string name) =>
        SendToHostAsync(new(HttpMethod.Post, new Uri($"admin/functions/{name}", UriKind.Relative)) { Content = Json("{}") });

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

    public static HttpRequestMessage Get(string route) => new(HttpMethod.Get, Api(route));

    public static HttpRequestMessage Post(string route, string json, string? from = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Api(route)) { Content = Json(json) };
        if (from is not null)
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", from);
        return request;
    }

    public static HttpRequestMessage WithBearer(HttpRequestMessage request, string accessToken)
    {
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken}");
        return request;
    }

    public static Uri Api(string route) => new($"api/{route}", UriKind.Relative);

    // The platform would tidy up an address before it is sent; a stranger doesn't.
    private Uri AsItStands(Uri relative) => new(
        _http.BaseAddress + relative.OriginalString, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    private static ByteArrayContent Json(string json)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
