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

    public Task<Answer> LoginAsync(string email, string password, bool remember = false, bool cookie = true) =>
        SendAsync("sessions/login", new { email, password, remember, cookie });

    public Task<Answer> RefreshAsync(object? body = null) => SendAsync("sessions/refresh", body);

    public Task<Answer> LogoutAsync(string? accessToken = null, object? body = null) =>
        SendAsync("sessions/logout", body, accessToken);

    /// <summary>Keeps the cookie of the answer, unless the answer is to come late.</summary>
    private async Task<Answer> SendAsync(string route, object? body, string? accessToken = null)
    {
        var request = SessionClient.Post(route, body, Address)
            .With("Cookie", Cookie is null ? null : $"{OtherCookie}; {CookieName}={Cookie};")
            .With("Origin", Origin)
            .With("X-Session-Request", SendsProof ? "1" : null);
        var answer = await client.SendAsync(SessionClient.WithBearer(request, accessToken));
        if (answer.Cookie is { } set)
            Cookie = set.Attributes.StartsWith("httponly; max-age=0;", StringComparison.Ordinal) ? null : set.Value;
        return answer;
    }
}
