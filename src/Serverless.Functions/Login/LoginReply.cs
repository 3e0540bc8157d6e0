namespace Serverless.Functions.Login;

/// <summary>What a login ends with, by whatever proof: its metric, its events, the answer and the cookie.</summary>
public sealed class LoginReply(RefreshCookie cookie, SessionPolicies policies, SessionMetrics metrics, ILogger<LoginReply> log)
{
    internal async Task<HttpResponseData> SendAsync(HttpRequestData request, StartSessionResult result, ClientInfo client, bool byCookie)
    {
        metrics.Count(result);
        var network = MaskedAddress.Of(client.IpAddress);
        if (result is StartSessionResult.Started { Session: var session })
            log.LoggedIn(session.Id.ToString(), session.UserId.ToString());
        var failed = result as StartSessionResult.InvalidCredentials ?? (result as StartSessionResult.EmailNotVerified)?.Failed;
        if (failed is not null)
            log.LoginFailed(network);
        if (result is StartSessionResult.Locked || failed is { Locks: true })
            log.LoginLocked(network);
        var response = await (result switch
        {
            StartSessionResult.Started started => request.ReplyAsync(
                new LoginBody(started, policies, byCookie), WireJson.Default.LoginBody),
            StartSessionResult.CaptchaRequired => request.ReplyAsync(
                new Problem(ProblemCode.CaptchaRequired, "Solve a captcha and send its token as captchaToken; a token works once.")),
            StartSessionResult.AccountClosing closing => request.ReplyAsync(new Problem(
                ProblemCode.AccountClosing,
                string.Create(CultureInfo.InvariantCulture, $"It will be erased at {closing.Until:u}; log in with restore to keep it."))),
            StartSessionResult.EmailNotVerified => request.ReplyAsync(
                new Problem(ProblemCode.EmailNotVerified, "Follow the link in the mail, or ask for another.")),
            StartSessionResult.LocationRefused => request.ReplyAsync(
                new Problem(ProblemCode.LocationRefused, "Log in from where you usually are.")),
            StartSessionResult.Locked locked => request.ReplyAsync(
                new Problem(ProblemCode.AccountLocked, "Wait before you try again.", RetryAfter: locked.Wait)),
            StartSessionResult.PasskeyRefused refused => RefusedPasskey.ReplyAsync(request, log, client, refused.Refusal),
            _ => request.ReplyAsync(new Problem(ProblemCode.InvalidCredentials, "Check both, then try again.")),
        });
        if (byCookie && result is StartSessionResult.Started { Tokens: var tokens })
            cookie.Set(response, tokens);
        return response;
    }
}

internal sealed class LoginBody(StartSessionResult.Started started, SessionPolicies policies, bool byCookie)
    : TokenBody(started.Tokens, policies, byCookie)
{
    [JsonPropertyOrder(1)]
    public SessionBody Session { get; init; } =
        SessionBody.Of(started.Session, current: true) with { LastSeenAt = started.Session.LastActivityAt, Online = true };

    [JsonPropertyOrder(1)]
    public AccountBody Account { get; init; } = AccountBody.Of(started.Session);
}
