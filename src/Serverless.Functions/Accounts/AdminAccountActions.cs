namespace Serverless.Functions.Accounts;

/// <summary>What administrators do on behalf of a user; each is in the user's history with the administrator.</summary>
public sealed class AdminAccountActions(
    SendPasswordReset sendPasswordReset, MarkEmailVerified markEmailVerified, CloseAccount closeAccount, SecureAccount secureAccount,
    FreshAuthentication fresh)
{
    private const string Route = AdminRoutes.Prefix + "accounts/{userId}/";

    [Function("SendPasswordReset")]
    [Operation("Sends a user the link to reset the password.", NeedsFreshAuthentication = true)]
    [Answers(202, "The mail is on its way.")]
    [Refuses(nameof(ProblemCode.ResetImpossible), nameof(ProblemCode.PasswordRecoveryOff))]
    public async Task<HttpResponseData> SendResetAsync(
        [HttpTrigger(Anonymous, "post", Route = Route + "password-reset")] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        var result = await sendPasswordReset.ExecuteAsync(request.Session().UserId, AdminUser.Read(userId), cancellationToken);
        if (result is SendPasswordResetResult.Refused { Why: var why })
            return await request.ReplyAsync(NoReset(why));
        return result is SendPasswordResetResult.Sent ? request.Empty(HttpStatusCode.Accepted) : throw AdminUser.NotFound();
    }

    [Function("SecureAccount")]
    [Operation("Locks an intruder out: ends all sessions, and has all passkeys wait for their user's review.",
        "`disable` refuses logins, and needs no fresh proof; passkeys that nobody could review aren't marked, and an account that was "
        + "closed is still erased at its time. Without it the password is removed, a disabled or closed account is enabled, and its user "
        + "gets the link to set another; where no mail can set one, or the email has changed in the last 14 days, that is 409. "
        + "Administrators can't secure their own account.", Accepts = typeof(SecureAccountRequestBody))]
    [Answers(200, "The account, secured.", typeof(SecuredAccountBody))]
    [Refuses(
        nameof(ProblemCode.InsufficientUserAuthentication), nameof(ProblemCode.ResetImpossible), nameof(ProblemCode.PasswordRecoveryOff))]
    public async Task<HttpResponseData> SecureAsync(
        [HttpTrigger(Anonymous, "post", Route = Route + "secure")] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        var administrator = request.Session();
        var body = await RequestBody.ReadAsync(request, WireJson.Default.SecureAccountRequestBody, cancellationToken);
        var disables = body.Read(isOwn: userId == $"{administrator.UserId}");
        // Disabling is the safe direction; the other removes a password.
        if (!disables)
            fresh.Require(administrator);
        var result = await secureAccount.ExecuteAsync(administrator, AdminUser.Read(userId), disables, cancellationToken);
        return result switch
        {
            SecureAccountResult.Secured secured => await request.ReplyAsync(
                new(AdminAccountBody.Of(secured.Account), secured.SessionsEnded), WireJson.Default.SecuredAccountBody),
            SecureAccountResult.NoReset { Why: var why } => await request.ReplyAsync(NoReset(why)),
            SecureAccountResult.NotAllowed => await request.ReplyAsync(Problem.NoAdministrator()),
            _ => throw AdminUser.NotFound(),
        };
    }

    [Function("MarkEmailVerified")]
    [Operation("Marks the address of a user as verified.", NeedsFreshAuthentication = true)]
    [Answers(204, "It is verified, now or earlier.")]
    public async Task<HttpResponseData> VerifyAsync(
        [HttpTrigger(Anonymous, "post", Route = Route + "email-verification")] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        var result = await markEmailVerified.ExecuteAsync(request.Session().UserId, AdminUser.Read(userId), cancellationToken);
        return result != MarkEmailVerifiedResult.NoAccount ? request.Empty(HttpStatusCode.NoContent) : throw AdminUser.NotFound();
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
        var result = await closeAccount.ExecuteAsync(request.Session().UserId, AdminUser.Read(userId), cancellationToken);
        if (result is CloseAccountResult.IsAdministrator)
            return await request.ReplyAsync(AccountDeletion.IsAdministrator());
        return result is CloseAccountResult.Closed ? request.Empty(HttpStatusCode.NoContent) : throw AdminUser.NotFound();
    }

    private static Problem NoReset(ResetRefusal why) => why switch
    {
        ResetRefusal.NoMail => new(
            ProblemCode.ResetImpossible,
            "This service sends no mail, since Email__SmtpHost is not set; to lock the account, disable it instead."),
        ResetRefusal.RecoveryOff => new(
            ProblemCode.PasswordRecoveryOff, "Passkeys__AllowPasswordRecovery would let whoever reads the user's mail set a password."),
        ResetRefusal.NotRecoverable => new(ProblemCode.ResetImpossible, "The account is disabled or being erased; enable or secure it."),
        ResetRefusal.EmailChanged => new(
            ProblemCode.ResetImpossible,
            "The email was changed in the last 14 days, and may be the intruder's; disable the account until the change is taken back."),
        _ => throw new InvalidOperationException("Unhandled reason."),
    };
}

internal sealed record SecureAccountRequestBody(
    [Required, Description("Whether to refuse logins; false asks for a new password instead, and enables a disabled or closed account.")]
    bool? Disable)
{
    public bool Read(bool isOwn) => Disable switch
    {
        null => throw ProblemException.InvalidField("disable", "is missing."),
        _ when isOwn => throw ProblemException.InvalidField("disable", "can't be set on your own account."),
        { } disable => disable,
    };
}

internal sealed record SecuredAccountBody(AdminAccountBody Account, [Description("How many sessions this ended.")] int SessionsEnded);
