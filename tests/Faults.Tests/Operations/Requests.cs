namespace Faults.Tests.Operations;

internal static class Requests
{
    public static HttpRequestMessage Get(string route, string accessToken) =>
        SessionClient.WithBearer(new(HttpMethod.Get, SessionClient.Api(route)), accessToken);

    public static HttpRequestMessage Delete(string route, string accessToken) =>
        SessionClient.WithBearer(new(HttpMethod.Delete, SessionClient.Api(route)), accessToken);

    public static HttpRequestMessage Post(string route, JsonObject? body = null, string? accessToken = null)
    {
        var request = body is null ? new(HttpMethod.Post, SessionClient.Api(route)) : SessionClient.Post(route, body.ToJsonString());
        return accessToken is null ? request : SessionClient.WithBearer(request, accessToken);
    }

    public static HttpRequestMessage Patch(string route, JsonObject body, string accessToken)
    {
        var request = Post(route, body, accessToken);
        request.Method = HttpMethod.Patch;
        return request;
    }

    public static HttpRequestMessage Login(string email, string password) =>
        Post("sessions/login", new() { ["email"] = email, ["password"] = password });

    public static HttpRequestMessage Refresh(string refreshToken, string? attempt = null) => Post(
        "sessions/refresh",
        attempt is null ? new() { ["refreshToken"] = refreshToken } : new() { ["refreshToken"] = refreshToken, ["attempt"] = attempt });

    public static HttpRequestMessage RefreshByCookie(string refreshToken)
    {
        var request = Post("sessions/refresh");
        request.Headers.TryAddWithoutValidation("Cookie", $"{Page.CookieName}={refreshToken}");
        request.Headers.TryAddWithoutValidation("Origin", AppSettings.PageOrigin);
        request.Headers.TryAddWithoutValidation("X-Session-Request", "1");
        return request;
    }
}
