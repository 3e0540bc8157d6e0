using System.Net.Http.Headers;

namespace Benchmarks.App;

/// <summary>The operations over HTTP; each throws on an unexpected answer.</summary>
internal sealed class Api(Uri address, int connections) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = connections })
    { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    public void Dispose() => _http.Dispose();

    public Task GetAsync(string path) => SendAsync(new(HttpMethod.Get, path), 200);
    public Task PostAsync(string path) => SendAsync(new(HttpMethod.Post, path), 200);
    public Task LoginAsync(string email) => LoginAsync(email, Seeder.Password, 200);
    public Task FailToLogInAsync(string email) => LoginAsync(email, "wrong horse battery staple", 401);

    /// <returns>The next refresh token.</returns>
    public async Task<string> RefreshAsync(string refreshToken)
    {
        var body = await SendAsync(Json("api/sessions/refresh", $$"""{"refreshToken":"{{refreshToken}}"}"""), 200);
        var json = new Utf8JsonReader(body);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("refreshToken"))
            {
                json.Read();
                return json.GetString()!;
            }
        }

        throw new BenchmarkException("A refresh gave no refresh token.");
    }

    public Task StatusAsync(string accessToken) => SendAsync(Authorized(HttpMethod.Get, "sessions/status", accessToken), 200);
    public Task LogoutAsync(string accessToken) => SendAsync(Authorized(HttpMethod.Post, "sessions/logout", accessToken), 204);
    public Task MySessionsAsync(string accessToken) => SendAsync(Authorized(HttpMethod.Get, "sessions/my-sessions", accessToken), 200);
    public Task LogsAsync(string accessToken) => SendAsync(Authorized(HttpMethod.Get, "sessions/my-session-logs", accessToken), 200);
    public Task HeartbeatAsync(string accessToken) => SendAsync(Authorized(HttpMethod.Post, "sessions/heartbeat", accessToken), 200);
    public Task RunTimerAsync(string name) => SendAsync(Json($"admin/functions/{name}", "{}"), 202);

    private Task LoginAsync(string email, string password, int expected) =>
        SendAsync(Json("api/sessions/login", $$"""{"email":"{{email}}","password":"{{password}}","remember":true}"""), expected);

    private static HttpRequestMessage Authorized(HttpMethod method, string route, string accessToken)
    {
        var request = new HttpRequestMessage(method, $"api/{route}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken}");
        return request;
    }

    private static HttpRequestMessage Json(string path, string json) => new(HttpMethod.Post, path)
    {
        Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };

    private async Task<byte[]> SendAsync(HttpRequestMessage request, int expected)
    {
        using (request)
        {
            using var answer = await _http.SendAsync(request);
            var body = await answer.Content.ReadAsByteArrayAsync();
            return (int)answer.StatusCode == expected ? body : throw new BenchmarkException(
                $"{request.Method} {request.RequestUri} was answered {(int)answer.StatusCode}, not {expected}: {Encoding.UTF8.GetString(body)}");
        }
    }
}
