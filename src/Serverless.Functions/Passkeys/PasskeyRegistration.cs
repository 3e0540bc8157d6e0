namespace Serverless.Functions.Passkeys;

public sealed class PasskeyRegistration(
    StartPasskeyRegistration startRegistration, RegisterPasskey registerPasskey, Callers callers, IOptions<PasskeyOptions> options,
    ILogger<PasskeyRegistration> log)
{
    [Function("StartPasskeyRegistration")]
    [Operation("Starts the registration of a passkey.", "404 unless `Passkeys__RelyingPartyId` is set, as all routes of passkeys.",
        NeedsFreshAuthentication = true)]
    [Answers(200, "What the browser needs to create a passkey.", typeof(CeremonyBody))]
    [Refuses(nameof(ProblemCode.NotFound), nameof(ProblemCode.PasskeyLimit))]
    public async Task<HttpResponseData> StartAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts/passkeys/options")] HttpRequestData request, CancellationToken cancellationToken)
    {
        PasskeyFields.RequirePasskeys(options.Value);
        var ceremony = await startRegistration.ExecuteAsync(request.Session(), PasskeyFields.OriginOf(request), cancellationToken);
        return ceremony is null
            ? await request.ReplyAsync(RefusedPasskey.Limit())
            : await request.ReplyAsync(CeremonyBody.Of(ceremony), WireJson.Default.CeremonyBody);
    }

    [Function("RegisterPasskey")]
    [Operation("Registers a passkey.", "An account has at most 20.",
        NeedsFreshAuthentication = true, Accepts = typeof(NewPasskeyRequestBody))]
    [Answers(201, "The passkey.", typeof(PasskeyBody))]
    [Refuses(
        nameof(ProblemCode.NotFound), nameof(ProblemCode.CeremonyInvalid), nameof(ProblemCode.CeremonyExpired),
        nameof(ProblemCode.CeremonyUsed), nameof(ProblemCode.NewPasskeyInvalid), nameof(ProblemCode.PasskeyWrongOrigin),
        nameof(ProblemCode.PasskeyWrongRelyingParty), nameof(ProblemCode.PasskeyUnsupported), nameof(ProblemCode.PasskeyExists),
        nameof(ProblemCode.PasskeyLimit))]
    public async Task<HttpResponseData> RegisterAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts/passkeys")] HttpRequestData request, CancellationToken cancellationToken)
    {
        PasskeyFields.RequirePasskeys(options.Value);
        var body = await RequestBody.ReadAsync(request, WireJson.Default.NewPasskeyRequestBody, cancellationToken);
        var (response, name) = body.Read(PasskeyFields.OriginOf(request));
        var (session, client) = (request.Session(), callers.ClientOf(request));
        var result = await registerPasskey.ExecuteAsync(session, response, name, client, cancellationToken);
        if (result is RegisterPasskeyResult.Registered)
            log.PasskeyAdded($"{session.UserId}");
        return result switch
        {
            RegisterPasskeyResult.Registered registered => await request.ReplyAsync(
                PasskeyBody.Of(registered.Passkey), WireJson.Default.PasskeyBody, HttpStatusCode.Created),
            RegisterPasskeyResult.Ended over => await request.ReplyAsync(Problem.SessionEnded(over.Reason)),
            RegisterPasskeyResult.Refused refused => await RefusedPasskey.ReplyAsync(request, log, client, refused.Refusal, isNew: true),
            _ => throw new UnreachableException(),
        };
    }
}

internal sealed record NewPasskeyRequestBody(
    [Required, MinLength(1), Description(PasskeyFields.StateIs)] string? State,
    [Required, Description(PasskeyFields.NewCredentialIs)] JsonElement? Credential,
    [MaxLength(Passkey.MaximumNameLength)]
    [Description("The user's own name for it, without control characters. Default the name of its provider or device.")]
    string? Name) : RedactedBody
{
    public (PasskeyResponse Response, string? Name) Read(string? origin) =>
        (PasskeyFields.ReadResponse(State, Credential, origin), PasskeyFields.ReadName(Name));
}
