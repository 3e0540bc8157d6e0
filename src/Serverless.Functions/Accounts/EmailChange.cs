namespace Serverless.Functions.Accounts;

public sealed class EmailChange(
    ChangeEmail changeEmail, FreshAuthentication fresh, Callers callers, RateLimits rateLimits, MailLimits limits,
    ILogger<EmailChange> log)
{
    [Function(nameof(EmailChange))]
    [Operation("Asks a new email to confirm that it is mine.",
        "The email changes once its owner follows the link; then the former one gets a link that takes the change back for 7 days. "
        + "The answer is the same for an email that has an account.", Accepts = typeof(EmailChangeRequestBody))]
    [Answers(202, "Accepted: a mail is on its way.")]
    [Refuses(
        nameof(ProblemCode.InsufficientUserAuthentication), nameof(ProblemCode.WrongPassword), nameof(ProblemCode.NotFound),
        nameof(ProblemCode.RateLimited), nameof(ProblemCode.AccountLocked))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts/email")] HttpRequestData request, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.EmailChangeRequestBody, cancellationToken);
        var (email, password) = body.Read();
        var (session, client) = (request.Session(), callers.ClientOf(request));
        rateLimits.LimitOwnPassword(client, session.Email.ToAccountKey(), isChecked: password is not null);
        limits.RequireMail();

        var result = await changeEmail.ExecuteAsync(
            session, email, password, client, () => rateLimits.AdmitsMail("changes of email", client, email.ToAccountKey()),
            cancellationToken);
        return result switch
        {
            OwnPasswordResult.Right => request.Empty(HttpStatusCode.Accepted),
            OwnPasswordResult.NotProved => await request.ReplyAsync(fresh.MissingIn(session)),
            OwnPasswordResult.Wrong wrong => await RefusedPassword.ReplyWrongAsync(request, log, client, wrong.Locks),
            OwnPasswordResult.Locked locked => await RefusedPassword.ReplyLockedAsync(request, log, client, locked.Wait),
            _ => throw new UnreachableException(),
        };
    }
}

internal sealed record EmailChangeRequestBody(
    [Required, Description("The new one.")] string? Email,
    [MinLength(1), Description(AccountFields.MayBeLeftOut)] string? Password) : RedactedBody
{
    public (Email Email, Password? Password) Read() =>
        (AccountFields.ReadEmail(Email), AccountFields.ReadCurrentPasswordIfSent(Password, "password"));
}
