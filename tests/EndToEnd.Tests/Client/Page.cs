namespace EndToEnd.Tests.Client;

/// <summary>A page in a browser that keeps the refresh token in its cookie.</summary>
public sealed class Page(SessionClient client)
{
    public const string CookieName = "__Host-refresh";

    public string? Cookie { get; set; }

    /// <summary>What another page of the site may have set.</summary>
    public string OtherCookie { get; set; } = "theme=dark";

    public string? Origin { get; init; } = AppSettings.PageOrigin;
    public string? Address { get; init; }
    public bool SendsProof { get; init; } = true;

    public Task<Answer> LoginAsync(string email, string password, bool remember = false)
    {
        Issued.Add(password);
        return SendAsync("sessions/login", new() { ["email"] = email, ["password"] = password, ["remember"] = remember, ["cookie"] = true });
    }

    public Task<Answer> RefreshAsync(JsonObject? body = null) => SendAsync("sessions/refresh", body);

    public Task<Answer> LogoutAsync(string? accessToken = null, JsonObject? body = null) => SendAsync("sessions/logout", body, accessToken);

    /// <summary>Keeps the cookie of the answer, unless the answer is to come late.</summary>
    public async Task<Answer> SendAsync(string route, JsonObject? body, string? accessToken = null)
    {
        var request = body is null ? new(HttpMethod.Post, SessionClient.Api(route)) : SessionClient.Post(route, body.ToJsonString());
        if (Cookie is not null)
            request.Headers.TryAddWithoutValidation("Cookie", $"{OtherCookie}; {CookieName}={Cookie};");
        if (Origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", Origin);
        if (Address is not null)
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", Address);
        if (SendsProof)
            request.Headers.TryAddWithoutValidation("X-Session-Request", "1");
        if (accessToken is not null)
            SessionClient.WithBearer(request, accessToken);
        var answer = await client.SendAsync(request);
        if (answer.Cookie is { } set)
            Cookie = set.Attributes.StartsWith("httponly; max-age=0;", StringComparison.Ordinal) ? null : set.Value;
        return answer;
    }
}
