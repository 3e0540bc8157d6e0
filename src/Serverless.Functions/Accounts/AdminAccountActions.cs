namespace Serverless.Functions.Accounts;

/// <summary>What administrators do on behalf of a user; each is in the user's history with the administrator.</summary>
public sealed class AdminAccountActions(
    SendPasswordReset sendPasswordReset, MarkEmailVerified markEmailVerified, CloseAccount closeAccount, MailLimits limits,
    ILogger<AdminAccountActions> log)
{
    private const string Route = AdminRoutes.Prefix + "accounts/{userId}/";

    [Function("SendPasswordReset")]
    [Operation("Sends a user the link to reset the password.", "An account that isn't active gets no mail.",
        NeedsFreshAuthentication = true)]
    [Answers(202, "The mail is on its way.")]
    [Refuses(nameof(ProblemCode.PasswordRecoveryOff))]
    public async Task<HttpResponseData> SendResetAsync(
        [HttpTrigger(Anonymous, "post", Route = Route + "password-reset")] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        limits.RequireMail();
        var (administrator, user) = (request.Session().UserId, AdminUser.Read(userId));
        var result = await sendPasswordReset.ExecuteAsync(administrator, user, cancellationToken);
        if (result == SendPasswordResetResult.NoAccount)
            throw AdminUser.NotFound();
        if (result == SendPasswordResetResult.RecoveryOff)
            return await request.ReplyAsync(new Problem(
                ProblemCode.PasswordRecoveryOff, "Passkeys__AllowPasswordRecovery would let whoever reads the user's mail set a password."));
        log.PasswordResetSent($"{administrator}", userId);
        return request.Empty(HttpStatusCode.Accepted);
    }

    [Function("MarkEmailVerified")]
    [Operation("Marks the address of a user as verified.", NeedsFreshAuthentication = true)]
    [Answers(204, "It is verified, now or earlier.")]
    public async Task<HttpResponseData> VerifyAsync(
        [HttpTrigger(Anonymous, "post", Route = Route + "email-verification")] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        var (administrator, user) = (request.Session().UserId, AdminUser.Read(userId));
        if (!await markEmailVerified.ExecuteAsync(administrator, user, cancellationToken))
            throw AdminUser.NotFound();
        log.EmailMarkedVerified($"{administrator}", userId);
        return request.Empty(HttpStatusCode.NoContent);
    }

    [Function("DeleteAccount")]
    [Operation("Closes the account of a user, as its user can.",
        "A disabled account is erased at the same time and can't be restored by its user. Enabling a closed account restores it. An "
        + "account with the role admin, such as your own, gets 403: remove the role first.", NeedsFreshAuthentication = true)]
    [Answers(204, "It is closed, now or earlier.")]
    public async Task<HttpResponseData> DeleteAsync(
        [HttpTrigger(Anonymous, "post", Route = Route + "deletion")] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        var (administrator, user) = (request.Session().UserId, AdminUser.Read(userId));
        var result = await closeAccount.ExecuteAsync(administrator, user, cancellationToken);
        if (result is CloseAccountResult.IsAdministrator)
            return await request.ReplyAsync(AccountDeletion.IsAdministrator());
        if (result is not CloseAccountResult.Closed)
            throw AdminUser.NotFound();
        log.AccountClosedFor($"{administrator}", userId);
        return request.Empty(HttpStatusCode.NoContent);
    }
}
