namespace Serverless.Functions.Sessions;

public sealed class Status(SessionPolicies policies, TimeProvider clock)
{
    [Function(nameof(Status))]
    [Operation("Returns this session and its account, if the session is valid.",
        "May be up to 5 seconds old (`Sessions__StatusCacheLifetime`); the instance that ended the session knows at once.")]
    [Answers(200, "The session is valid.", typeof(StatusBody))]
    public Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "sessions/status")] HttpRequestData request)
    {
        var session = request.Session();
        var body = new StatusBody(
            true, SessionBody.Of(session, current: true), AccountBody.Of(session), request.Token().ExpiresAt, clock.GetUtcNow(),
            policies.Of(session).InactivitySeconds);
        return request.ReplyAsync(body, WireJson.Default.StatusBody);
    }
}

internal sealed record StatusBody(
    [AllowedValues(true)] bool Active, SessionBody Session, AccountBody Account,
    DateTimeOffset AccessTokenExpiresAt, DateTimeOffset ServerTime,
    [property: JsonIgnore(Condition = WhenWritingNull), Description(TokenBody.InactivityTimeoutMeaning)] long? InactivityTimeout);
