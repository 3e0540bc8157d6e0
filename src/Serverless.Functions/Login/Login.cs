namespace Serverless.Functions.Login;

public sealed class Login(
    StartSession startSession, Callers callers, RateLimits rateLimits, RefreshCookie cookie, SessionMetrics metrics,
    ILogger<Login> log)
{
    [Function(nameof(Login))]
    [Operation("Starts a session.",
        "With `remember` the session lasts 30 days from its last refresh and at most 90 days, without it 12 and 24 hours (settings of section "
        + "Sessions). An email without an account gets the same response as a wrong password. A closed account gets 403 "
        + "`account_closing` for the right password, unless `restore` is true, which restores it.",
        Access = Access.Anyone, Accepts = typeof(LoginRequestBody))]
    [Answers(200, "The tokens, the session and the account.", typeof(LoginBody))]
    [Refuses(
        nameof(ProblemCode.InvalidCredentials), nameof(ProblemCode.EmailNotVerified), nameof(ProblemCode.AccountClosing),
        nameof(ProblemCode.CaptchaRequired), nameof(ProblemCode.RateLimited), nameof(ProblemCode.AccountLocked))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/login")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.LoginRequestBody, cancellationToken);
        var login = body.Read();
        var byCookie = body.Cookie == true;
        if (byCookie && !cookie.IsOn)
            throw ProblemException.InvalidField("cookie", "is not available: Cookies__AllowedOrigins is empty.");
        if (byCookie)
            cookie.RequireAllowedOrigin(request);
        var client = callers.ClientOf(request, body.Device);
        rateLimits.LimitLogin(client);
        rateLimits.LimitLogin(login.Email.ToAccountKey());

        var result = await startSession.ExecuteAsync(login, client, cancellationToken);
        metrics.Count(result);
        if (result is StartSessionResult.Started { Session: var session })
            log.LoggedIn(session.Id.ToString(), session.UserId.ToString());
        if (result is StartSessionResult.InvalidCredentials)
            log.LoginFailed(MaskedAddress.Of(client.IpAddress));
        if (result is StartSessionResult.Locked or StartSessionResult.InvalidCredentials { Locks: true })
            log.LoginLocked(MaskedAddress.Of(client.IpAddress));
        var response = await (result switch
        {
            StartSessionResult.Started started => request.ReplyAsync(new LoginBody(started, byCookie), WireJson.Default.LoginBody),
            StartSessionResult.CaptchaRequired => request.ReplyAsync(
                new Problem(ProblemCode.CaptchaRequired, "Solve a captcha and send its token as captchaToken; a token works once.")),
            StartSessionResult.AccountClosing closing => request.ReplyAsync(new Problem(
                ProblemCode.AccountClosing,
                string.Create(CultureInfo.InvariantCulture, $"It will be erased at {closing.Until:u}; log in with restore to keep it."))),
            StartSessionResult.EmailNotVerified => request.ReplyAsync(
                new Problem(ProblemCode.EmailNotVerified, "Follow the link in the mail, or ask for another.")),
            StartSessionResult.Locked locked => request.ReplyAsync(
                new Problem(ProblemCode.AccountLocked, "Wait before you try again.", RetryAfter: locked.Wait)),
            _ => request.ReplyAsync(new Problem(ProblemCode.InvalidCredentials, "Check both, then try again.")),
        });
        if (byCookie && result is StartSessionResult.Started { Tokens: var tokens })
            cookie.Set(response, tokens);
        return response;
    }
}

internal sealed record LoginRequestBody(
    [Required, Description("Compared in lower case, without surrounding whitespace.")] string? Email,
    [Required, MinLength(1), Description("At most 128 characters.")] string? Password,
    [Description("Stay logged in for weeks. Default false.")] bool? Remember,
    [MaxLength(Callers.MaximumDeviceLength), Description("The user's own name for the device, without control characters.")] string? Device,
    [Description("Keep the refresh token in a cookie; needs Origin and X-Session-Request. Default false.")] bool? Cookie,
    [MaxLength(AccountFields.MaximumCaptchaLength), Description("The token of a solved captcha; only after a 403 `captcha_required`.")]
    string? CaptchaToken,
    [Description("Restore the account if it is closing. Default false.")] bool? Restore = null) : RedactedBody
{
    public LoginRequest Read()
    {
        var email = AccountFields.ReadEmail(Email);
        var password = AccountFields.ReadCurrentPassword(Password, "password");
        if (Device?.Length > Callers.MaximumDeviceLength)
            throw ProblemException.InvalidField("device", $"must have at most {Callers.MaximumDeviceLength} characters.");
        if (Device?.Any(char.IsControl) == true)
            throw ProblemException.InvalidField("device", "must not contain control characters.");
        return new(email, password, Remember ?? false, AccountFields.ReadCaptchaToken(CaptchaToken), Restore ?? false);
    }
}

internal sealed class LoginBody(StartSessionResult.Started started, bool byCookie) : TokenBody(started.Tokens, byCookie)
{
    [JsonPropertyOrder(1)]
    public SessionBody Session { get; init; } =
        SessionBody.Of(started.Session, current: true) with { LastSeenAt = started.Session.LastActivityAt, Online = true };

    [JsonPropertyOrder(1)]
    public AccountBody Account { get; init; } = AccountBody.Of(started.Session);
}
