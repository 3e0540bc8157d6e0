namespace Serverless.Functions.Passkeys;

/// <summary>Apart from <see cref="PasskeyLogin"/>, since it has nothing to do with its cookie.</summary>
public sealed class PasskeyLoginStart(
    StartPasskeyLogin startLogin, Callers callers, RateLimits rateLimits, IOptions<PasskeyOptions> options)
{
    [Function("StartPasskeyLogin")]
    [Operation("Starts a login by a passkey.",
        "The options name no credential, so the browser offers those that it has, also in the autofill of a form. Nothing is stored.",
        Access = Access.Anyone)]
    [Answers(200, "What the browser needs to ask for a passkey.", typeof(CeremonyBody))]
    [Refuses(nameof(ProblemCode.NotFound), nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/passkey/options")] HttpRequestData request, CancellationToken cancellationToken)
    {
        PasskeyFields.RequirePasskeys(options.Value);
        rateLimits.LimitOther(callers.ClientOf(request));
        var ceremony = await startLogin.ExecuteAsync(PasskeyFields.OriginOf(request), cancellationToken);
        return await request.ReplyAsync(CeremonyBody.Of(ceremony), WireJson.Default.CeremonyBody);
    }
}
