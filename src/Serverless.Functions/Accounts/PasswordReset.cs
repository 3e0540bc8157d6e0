namespace Serverless.Functions.Accounts;

public sealed class PasswordReset(
    RequestPasswordReset requestReset, ResetPassword resetPassword, Callers callers, MailLimits limits, ILogger<PasswordReset> log)
{
    [Function("ForgotPassword")]
    [Operation("Sends the link to set a new password.",
        "It works for an hour, once. Answer and time are the same for an email without an account.",
        Access = Access.Anyone, Accepts = typeof(EmailRequestBody))]
    [Answers(202, "Accepted: if there is an account, the link is on its way.")]
    [Refuses(nameof(ProblemCode.NotFound), nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> ForgotAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts/password/forgot")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.EmailRequestBody, cancellationToken);
        var account = AccountFields.ReadEmail(body.Email).ToAccountKey();
        if (limits.Admit("password resets", callers.ClientOf(request), account))
            await requestReset.ExecuteAsync(account, Callers.LanguageOf(request), cancellationToken);
        return request.Empty(HttpStatusCode.Accepted);
    }

    [Function("ResetPassword")]
    [Operation("Sets a new password with the token of a mail, and ends all sessions.",
        "It also verifies the email, lifts a lock and restores a closed account. A refused password doesn't use the token.",
        Access = Access.Anyone, Accepts = typeof(PasswordResetRequestBody))]
    [Answers(204, "Set.")]
    [Refuses(nameof(ProblemCode.AccountTokenInvalid), nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> ResetAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts/password/reset")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.PasswordResetRequestBody, cancellationToken);
        var (token, password) = body.Read();
        var client = callers.ClientOf(request);
        limits.LimitTokens(client);
        var result = await resetPassword.ExecuteAsync(token, password, client, cancellationToken);
        if (result is ResetPasswordResult.Reset reset)
            log.PasswordReset(reset.User.ToString(), MaskedAddress.Of(client.IpAddress));
        return result switch
        {
            ResetPasswordResult.Reset => request.Empty(HttpStatusCode.NoContent),
            ResetPasswordResult.PasswordRefused refused => await request.ReplyAsync(Problem.InvalidField("password", refused.Why)),
            _ => await request.ReplyAsync(Problem.AccountTokenInvalid()),
        };
    }
}

internal sealed record PasswordResetRequestBody(
    [Required, MinLength(1), Description("From the link of a mail.")] string? Token,
    [Required, Description("12 to 128 characters (settings of section Passwords).")] string? Password) : RedactedBody
{
    public (string Token, Password Password) Read() =>
        (AccountFields.ReadToken(Token), AccountFields.ReadPassword(Password, "password"));
}
