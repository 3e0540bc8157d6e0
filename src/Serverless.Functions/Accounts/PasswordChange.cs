namespace Serverless.Functions.Accounts;

public sealed class PasswordChange(
    ChangePassword changePassword, FreshAuthentication fresh, Callers callers, RateLimits rateLimits, ILogger<PasswordChange> log)
{
    [Function(nameof(PasswordChange))]
    [Operation("Changes my password and ends my other sessions.", Accepts = typeof(PasswordChangeRequestBody))]
    [Answers(204, "Changed.")]
    [Refuses(
        nameof(ProblemCode.InsufficientUserAuthentication), nameof(ProblemCode.WrongPassword), nameof(ProblemCode.RateLimited),
        nameof(ProblemCode.AccountLocked))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts/password")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.PasswordChangeRequestBody, cancellationToken);
        var (current, next) = body.Read();
        var (session, client) = (request.Session(), callers.ClientOf(request));
        rateLimits.LimitOwnPassword(client, session.Email.ToAccountKey(), isChecked: current is not null);

        var result = await changePassword.ExecuteAsync(session, current, next, client, cancellationToken);
        if (result is ChangePasswordResult.Changed)
            log.PasswordChanged(session.UserId.ToString());
        return result switch
        {
            ChangePasswordResult.Changed => request.Empty(HttpStatusCode.NoContent),
            ChangePasswordResult.PasswordRefused refused =>
                await request.ReplyAsync(Problem.InvalidField("newPassword", refused.Why)),
            ChangePasswordResult.NotProved => await request.ReplyAsync(fresh.MissingIn(session)),
            ChangePasswordResult.WrongPassword wrong => await RefusedPassword.ReplyWrongAsync(request, log, client, wrong.Locks),
            ChangePasswordResult.Locked locked => await RefusedPassword.ReplyLockedAsync(request, log, client, locked.Wait),
            _ => throw new UnreachableException(),
        };
    }
}

internal sealed record PasswordChangeRequestBody(
    [MinLength(1), Description(AccountFields.MayBeLeftOut)] string? CurrentPassword,
    [Required, Description("12 to 128 characters (settings of section Passwords).")] string? NewPassword) : RedactedBody
{
    public (Password? Current, Password Next) Read() => (
        AccountFields.ReadCurrentPasswordIfSent(CurrentPassword, "currentPassword"),
        AccountFields.ReadPassword(NewPassword, "newPassword"));
}
