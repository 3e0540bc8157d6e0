namespace Serverless.Functions.Login;

public sealed class Login(
    StartSession startSession, Callers callers, RateLimits rateLimits, RefreshCookie cookie, LoginReply loginReply)
{
    [Function(nameof(Login))]
    [Operation("Starts a session.",
        "With `remember` the session lasts 30 days from its last refresh and at most 90 days, without it 12 and 24 hours "
        + "(settings of section Sessions). An email without an account gets the same response as a wrong password. "
        + "A closed account gets 403 `account_closing` for the right password, unless `restore` is true, which restores it.",
        Access = Access.Anyone, Accepts = typeof(LoginRequestBody))]
    [Answers(200, "The tokens, the session and the account.", typeof(LoginBody))]
    [Refuses(
        nameof(ProblemCode.InvalidCredentials), nameof(ProblemCode.EmailNotVerified), nameof(ProblemCode.AccountClosing),
        nameof(ProblemCode.CaptchaRequired), nameof(ProblemCode.LocationRefused),
        nameof(ProblemCode.RateLimited), nameof(ProblemCode.AccountLocked))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/login")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.LoginRequestBody, cancellationToken);
        var login = body.Read();
        var byCookie = cookie.IsAskedFor(request, body.Cookie);
        var client = callers.ClientOf(request, body.Device);
        rateLimits.LimitLogin(client);
        rateLimits.LimitLogin(login.Email.ToAccountKey());

        var result = await startSession.ExecuteAsync(login, client, cancellationToken);
        return await loginReply.SendAsync(request, result, client, byCookie);
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
        AccountFields.CheckName(Device, "device", Callers.MaximumDeviceLength);
        return new(email, password, Remember ?? false, AccountFields.ReadCaptchaToken(CaptchaToken), Restore ?? false);
    }
}
