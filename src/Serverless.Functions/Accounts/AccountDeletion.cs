namespace Serverless.Functions.Accounts;

public sealed class AccountDeletion(
    CloseAccount closeAccount, FreshAuthentication fresh, Callers callers, RateLimits rateLimits, ILogger<AccountDeletion> log)
{
    [Function(nameof(AccountDeletion))]
    [Operation("Closes my account and ends all my sessions.",
        "It is erased after 30 days (`Accounts__DeletionGrace`). Until then a login with `restore` restores it. An administrator has to "
        + "lose the role first.", Accepts = typeof(DeletionRequestBody))]
    [Answers(204, "Closed.")]
    [Refuses(
        nameof(ProblemCode.InsufficientUserAuthentication), nameof(ProblemCode.WrongPassword), nameof(ProblemCode.Forbidden),
        nameof(ProblemCode.RateLimited), nameof(ProblemCode.AccountLocked))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts/me/deletion")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.DeletionRequestBody, cancellationToken);
        var password = AccountFields.ReadCurrentPasswordIfSent(body.Password, "password");
        var (session, client) = (request.Session(), callers.ClientOf(request));
        rateLimits.LimitOwnPassword(client, session.Email.ToAccountKey(), isChecked: password is not null);

        var result = await closeAccount.ExecuteAsync(session, password, client, cancellationToken);
        if (result is CloseAccountResult.Closed { IsNew: true })
            log.AccountClosed($"{session.UserId}");
        return result switch
        {
            CloseAccountResult.Closed => request.Empty(HttpStatusCode.NoContent),
            CloseAccountResult.IsAdministrator => await request.ReplyAsync(IsAdministrator()),
            CloseAccountResult.NotProved => await request.ReplyAsync(fresh.MissingIn(session)),
            CloseAccountResult.WrongPassword wrong => await RefusedPassword.ReplyWrongAsync(request, log, client, wrong.Locks),
            CloseAccountResult.Locked locked => await RefusedPassword.ReplyLockedAsync(request, log, client, locked.Wait),
            _ => throw new UnreachableException(),
        };
    }

    internal static Problem IsAdministrator() =>
        new(ProblemCode.Forbidden, "An account with the role admin can't be closed; another administrator removes the role first.");
}

internal sealed record DeletionRequestBody([MinLength(1), Description(AccountFields.MayBeLeftOut)] string? Password) : RedactedBody;
