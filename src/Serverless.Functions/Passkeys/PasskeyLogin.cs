namespace Serverless.Functions.Passkeys;

public sealed class PasskeyLogin(
    LogInWithPasskey logIn, Callers callers, RateLimits rateLimits, RefreshCookie cookie, LoginReply loginReply,
    IOptions<PasskeyOptions> options)
{
    [Function(nameof(PasskeyLogin))]
    [Operation("Starts a session by a passkey.",
        "The credential says whose session it is. All else is as for `sessions/login`.",
        Access = Access.Anyone, Accepts = typeof(PasskeyLoginRequestBody))]
    [Answers(200, "The tokens, the session and the account.", typeof(LoginBody))]
    [Refuses(
        nameof(ProblemCode.NotFound), nameof(ProblemCode.CeremonyInvalid), nameof(ProblemCode.CeremonyExpired),
        nameof(ProblemCode.CeremonyUsed), nameof(ProblemCode.PasskeyUnknown), nameof(ProblemCode.PasskeyInvalid),
        nameof(ProblemCode.PasskeyWrongOrigin), nameof(ProblemCode.PasskeyWrongRelyingParty), nameof(ProblemCode.PasskeyCloned),
        nameof(ProblemCode.PasskeyForReview),
        nameof(ProblemCode.EmailNotVerified), nameof(ProblemCode.AccountClosing), nameof(ProblemCode.CaptchaRequired),
        nameof(ProblemCode.LocationRefused), nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/passkey")] HttpRequestData request, CancellationToken cancellationToken)
    {
        PasskeyFields.RequirePasskeys(options.Value);
        var body = await RequestBody.ReadAsync(request, WireJson.Default.PasskeyLoginRequestBody, cancellationToken);
        var login = body.Read(PasskeyFields.OriginOf(request));
        var byCookie = cookie.IsAskedFor(request, body.Cookie);
        var client = callers.ClientOf(request, body.Device);
        rateLimits.LimitLogin(client);
        var result = await logIn.ExecuteAsync(login, client, rateLimits.LogsWrongPasskey, cancellationToken);
        return await loginReply.SendAsync(request, result, client, byCookie);
    }
}

internal sealed record PasskeyLoginRequestBody(
    [Required, MinLength(1), Description(PasskeyFields.StateIs)] string? State,
    [Required, Description("The `AuthenticationResponseJSON` of WebAuthn Level 3: what `toJSON` of the browser's credential returns.")]
    JsonElement? Credential,
    [Description("Stay logged in for weeks. Default false.")] bool? Remember,
    [MaxLength(Callers.MaximumDeviceLength), Description("The user's own name for the device, without control characters.")] string? Device,
    [Description("Keep the refresh token in a cookie; needs Origin and X-Session-Request. Default false.")] bool? Cookie,
    [MaxLength(AccountFields.MaximumCaptchaLength), Description("The token of a solved captcha; only after a 403 `captcha_required`.")]
    string? CaptchaToken,
    [Description("Restore the account if it is closing. Default false.")] bool? Restore) : RedactedBody
{
    public PasskeyLoginRequest Read(string? origin)
    {
        var response = PasskeyFields.ReadResponse(State, Credential, origin);
        AccountFields.CheckName(Device, "device", Callers.MaximumDeviceLength);
        return new(response, Remember ?? false, AccountFields.ReadCaptchaToken(CaptchaToken), Restore ?? false);
    }
}
