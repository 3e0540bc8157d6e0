namespace EndToEnd.Tests.WrongInput;

/// <summary>A request that must be refused, and how.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Status">The status to expect.</param>
/// <param name="Code">The problem's code to expect.</param>
/// <param name="Build">Makes the request; it may borrow the tokens of sessions that are good.</param>
public sealed record Case(string Name, int Status, string Code, Func<GoodSessions, HttpRequestMessage> Build)
{
    /// <summary>The field that the problem must name.</summary>
    public string? Field { get; init; }

    /// <summary>A part of what the problem must say.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The methods that the answer must allow.</summary>
    public string? Allow { get; init; }

    public static readonly IReadOnlyList<Case> All =
    [
        .. JsonCases.All,
        .. JsonCases.Repeated,
        .. FieldCases.All,
        .. BodyCases.All,
        .. RouteCases.All,
        .. AccessTokenCases.All,
        .. RefreshTokenCases.All,
        .. MetacharacterCases.All,
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

    internal static HttpRequestMessage Send(HttpMethod method, string route) => new(method, SessionClient.Api(route));

    internal static HttpRequestMessage StatusWith(string authorization)
    {
        var request = Send(HttpMethod.Get, "sessions/status");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return request;
    }

    /// <summary>A text short enough for the name of a test.</summary>
    internal static string Short(string text) => text.Length <= 40 ? text : $"{text[..30]}... ({text.Length})";
}

/// <summary>Two sessions that no case may disturb.</summary>
/// <param name="Mine">The one that a request is about.</param>
/// <param name="Other">Another one of the same account.</param>
public sealed record GoodSessions(Answer Mine, Answer Other);
