namespace Serverless.Functions.Accounts;

public sealed class EmailVerification(
    SendVerification sendVerification, VerifyEmail verifyEmail, Callers callers, MailLimits limits, ILogger<EmailVerification> log)
{
    [Function("SendVerification")]
    [Operation("Sends the link to verify an email again.",
        "To the address of a registration, of an account that isn't verified or of a change of email. "
        + "The answer is the same for any other.",
        Access = Access.Anyone, Accepts = typeof(EmailRequestBody))]
    [Answers(202, "Accepted: if a link is due, it is on its way.")]
    [Refuses(nameof(ProblemCode.NotFound), nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> SendAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts/email/verification")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.EmailRequestBody, cancellationToken);
        var email = AccountFields.ReadEmail(body.Email);
        if (limits.Admit("verifications", callers.ClientOf(request), email.ToAccountKey()))
            await sendVerification.ExecuteAsync(email, Callers.LanguageOf(request), cancellationToken);
        return request.Empty(HttpStatusCode.Accepted);
    }

    [Function("VerifyEmail")]
    [Operation("Uses the token of a mail: verifies an email, changes it, or takes a change back.",
        "A token works once. It creates the account of a registration. To take a change back ends all sessions and removes the password, "
        + "and the next mail has a link to set one.", Access = Access.Anyone, Accepts = typeof(TokenRequestBody))]
    [Answers(204, "Verified.")]
    [Refuses(nameof(ProblemCode.AccountTokenInvalid), nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> VerifyAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts/email/verify")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.TokenRequestBody, cancellationToken);
        var token = AccountFields.ReadToken(body.Token);
        var client = callers.ClientOf(request);
        limits.LimitTokens(client);
        if (await verifyEmail.ExecuteAsync(token, client, cancellationToken) is not VerifyEmailResult.Verified verified)
            return await request.ReplyAsync(Problem.AccountTokenInvalid());
        log.EmailVerified(verified.User.ToString(), MaskedAddress.Of(client.IpAddress));
        return request.Empty(HttpStatusCode.NoContent);
    }
}

internal sealed record EmailRequestBody(
    [Required, Description("Compared in lower case, without surrounding whitespace.")] string? Email) : RedactedBody;

internal sealed record TokenRequestBody([Required, MinLength(1), Description("From the link of a mail.")] string? Token) : RedactedBody;
