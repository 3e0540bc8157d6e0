namespace EndToEnd.Tests.WrongInput;

/// <summary>A request that must be refused, and how; it may borrow the tokens of good sessions.</summary>
public sealed record Case(string Name, int Status, string Code, Func<GoodSessions, HttpRequestMessage> Build)
{
    public string? Field { get; init; }
    public string Detail { get; init; } = "";
    public string? Allow { get; init; }

    public static readonly IReadOnlyList<Case> All =
    [
        .. JsonCases.All, .. JsonCases.Repeated, .. FieldCases.All, .. BodyCases.All, .. RouteCases.All, .. AccessTokenCases.All,
        .. RefreshTokenCases.All, .. MetacharacterCases.All,
    ];

    internal static HttpRequestMessage Post(string route, byte[] body, string? contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return new(HttpMethod.Post, SessionClient.Api(route)) { Content = content };
    }

    internal static HttpRequestMessage Post(string route, string body, string? contentType = "application/json") =>
        Post(route, Encoding.UTF8.GetBytes(body), contentType);

    internal static HttpRequestMessage StatusWith(string authorization) =>
        SessionClient.Get("sessions/status").With("Authorization", authorization);

    /// <summary>Short enough for the name of a test.</summary>
    internal static string Short(string text) => text.Length <= 40 ? text : $"{text[..30]}... ({text.Length})";
}

/// <summary>Two sessions of one account that no case may disturb.</summary>
public sealed record GoodSessions(Answer Mine, Answer Other);
