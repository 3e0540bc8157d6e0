namespace Faults.Tests.Operations;

internal static class Requests
{
    public static HttpRequestMessage Get(string route, string accessToken) => Of(HttpMethod.Get, route, null, accessToken);
    public static HttpRequestMessage Delete(string route, string accessToken) => Of(HttpMethod.Delete, route, null, accessToken);

    public static HttpRequestMessage Post(string route, JsonObject? body = null, string? accessToken = null) =>
        Of(HttpMethod.Post, route, body, accessToken);

    public static HttpRequestMessage Patch(string route, JsonObject body, string accessToken) =>
        Of(HttpMethod.Patch, route, body, accessToken);

    public static HttpRequestMessage Login(string email, string password) =>
        Post("sessions/login", new() { ["email"] = email, ["password"] = password });

    public static HttpRequestMessage Refresh(string refreshToken, string? attempt = null) =>
        SessionClient.Post("sessions/refresh", new { refreshToken, attempt });

    public static HttpRequestMessage RefreshByCookie(string refreshToken) => Post("sessions/refresh")
        .With("Cookie", $"{Page.CookieName}={refreshToken}")
        .With("Origin", AppSettings.PageOrigin)
        .With("X-Session-Request", "1");

    private static HttpRequestMessage Of(HttpMethod method, string route, JsonObject? body, string? accessToken) =>
        SessionClient.WithBearer(SessionClient.Request(method, route, body?.ToJsonString()), accessToken);
}
