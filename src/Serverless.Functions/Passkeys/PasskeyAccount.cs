namespace Serverless.Functions.Passkeys;

public sealed class PasskeyAccount(
    StartAccountWithPasskey startAccount, RegisterAccountWithPasskey registerAccount, Callers callers, OpenRegistration registration,
    RateLimits rateLimits, IOptions<PasskeyOptions> options, ILogger<PasskeyAccount> log)
{
    [Function("StartPasskeyAccount")]
    [Operation("Starts the registration of an account with a passkey instead of a password.",
        "The email is bound to the state. Nothing is stored, and the answer is the same for an email that has an account.",
        Access = Access.Anyone, Accepts = typeof(EmailRequestBody))]
    [Answers(200, "What the browser needs to create a passkey.", typeof(CeremonyBody))]
    [Refuses(nameof(ProblemCode.NotFound), nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> StartAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts/passkey/options")] HttpRequestData request, CancellationToken cancellationToken)
    {
        PasskeyFields.RequirePasskeys(options.Value);
        registration.Require();
        var body = await RequestBody.ReadAsync(request, WireJson.Default.EmailRequestBody, cancellationToken);
        var email = AccountFields.ReadEmail(body.Email);
        rateLimits.LimitOther(callers.ClientOf(request));
        var ceremony = await startAccount.ExecuteAsync(email, PasskeyFields.OriginOf(request), cancellationToken);
        return await request.ReplyAsync(CeremonyBody.Of(ceremony), WireJson.Default.CeremonyBody);
    }

    [Function("RegisterWithPasskey")]
    [Operation("Creates an account with a passkey instead of a password.",
        "404, captcha and answers are as for `accounts`. With `Accounts__VerifyEmail` the passkey works "
        + "once the link of the mail was used.",
        Access = Access.Anyone, Accepts = typeof(NewPasskeyAccountRequestBody))]
    [Answers(201, "The account.", typeof(AccountBody))]
    [Answers(202, "Accepted: a mail is on its way.")]
    [Refuses(
        nameof(ProblemCode.NotFound), nameof(ProblemCode.CaptchaRequired), nameof(ProblemCode.EmailTaken), nameof(ProblemCode.RateLimited),
        nameof(ProblemCode.CeremonyInvalid), nameof(ProblemCode.CeremonyExpired), nameof(ProblemCode.CeremonyUsed),
        nameof(ProblemCode.NewPasskeyInvalid), nameof(ProblemCode.PasskeyWrongOrigin), nameof(ProblemCode.PasskeyWrongRelyingParty),
        nameof(ProblemCode.PasskeyUnsupported))]
    public async Task<HttpResponseData> RegisterAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts/passkey")] HttpRequestData request, CancellationToken cancellationToken)
    {
        PasskeyFields.RequirePasskeys(options.Value);
        registration.Require();
        var body = await RequestBody.ReadAsync(request, WireJson.Default.NewPasskeyAccountRequestBody, cancellationToken);
        var (response, email, name) = body.Read(PasskeyFields.OriginOf(request));
        var client = callers.ClientOf(request, body.Device);
        await registration.AdmitAsync(AccountFields.ReadCaptchaToken(body.CaptchaToken), client, cancellationToken);
        var result = await registerAccount.ExecuteAsync(
            response, email, name, client, address => registration.AdmitsMail(client, address), cancellationToken);
        if (result is RegisterAccountWithPasskeyResult.Created created)
            log.Registered(created.Account.Id.ToString(), MaskedAddress.Of(client.IpAddress));
        return result switch
        {
            RegisterAccountWithPasskeyResult.Created { Account: var account } => await request.ReplyAsync(
                AccountBody.Of(account), WireJson.Default.AccountBody, HttpStatusCode.Created),
            RegisterAccountWithPasskeyResult.Accepted => request.Empty(HttpStatusCode.Accepted),
            RegisterAccountWithPasskeyResult.EmailTaken => await request.ReplyAsync(OpenRegistration.EmailTaken()),
            RegisterAccountWithPasskeyResult.Refused refused =>
                await RefusedPasskey.ReplyAsync(request, log, client, refused.Refusal, isNew: true),
            _ => throw new UnreachableException(),
        };
    }
}

internal sealed record NewPasskeyAccountRequestBody(
    [Required, MinLength(1), Description(PasskeyFields.StateIs)] string? State,
    [Required, Description(PasskeyFields.NewCredentialIs)] JsonElement? Credential,
    [Description("May be left out; must be that of the options.")] string? Email,
    [MaxLength(Passkey.MaximumNameLength)]
    [Description("The user's own name for the passkey, without control characters. Default the name of its provider or device.")]
    string? Name,
    [MaxLength(Callers.MaximumDeviceLength), Description("The user's own name for the device, without control characters.")] string? Device,
    [MaxLength(AccountFields.MaximumCaptchaLength), Description("The token of a solved captcha, if registrations need one.")]
    string? CaptchaToken) : RedactedBody
{
    public (PasskeyResponse Response, Email? Email, string? Name) Read(string? origin)
    {
        AccountFields.CheckName(Device, "device", Callers.MaximumDeviceLength);
        return (
            PasskeyFields.ReadResponse(State, Credential, origin), Email is null ? null : AccountFields.ReadEmail(Email),
            PasskeyFields.ReadName(Name));
    }
}
