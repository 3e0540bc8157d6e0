namespace Serverless.Functions.Accounts;

public sealed class AdminAccount(FindAccount findAccount, ChangeAccount changeAccount, FreshAuthentication fresh)
{
    private const string Route = AdminRoutes.Prefix + "accounts/{userId}";

    [Function("GetAccount")]
    [Operation("Returns an account.")]
    [Answers(200, "The account.", typeof(AdminAccountBody))]
    public async Task<HttpResponseData> GetAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = Route)] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken) =>
        await ReplyAsync(
            request, UserId.TryParse(userId, out var user) ? await findAccount.ExecuteAsync(user, cancellationToken) : null);

    [Function("ChangeAccount")]
    [Operation("Disables or enables an account, or sets its roles.",
        "Fields that are left out stay unchanged. Disabling ends the account's sessions; enabling also restores a closed one. "
        + "Administrators can't disable themselves or remove their own role. Disabling alone needs no fresh proof.",
        Accepts = typeof(ChangeAccountRequestBody))]
    [Answers(200, "The changed account.", typeof(AdminAccountBody))]
    [Refuses(nameof(ProblemCode.InsufficientUserAuthentication))]
    public async Task<HttpResponseData> ChangeAsync(
        [HttpTrigger(Anonymous, "patch", Route = Route)] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        var administrator = request.Session();
        var body = await RequestBody.ReadAsync(request, WireJson.Default.ChangeAccountRequestBody, cancellationToken);
        body.Check(isOwn: userId == administrator.UserId.ToString());
        // Disabling alone only ends sessions: the safe direction.
        if (body is not { Disabled: true, Roles: null })
            fresh.Require(administrator);
        var result = UserId.TryParse(userId, out var user)
            ? await changeAccount.ExecuteAsync(administrator, user, body.State, body.Roles, cancellationToken)
            : new ChangeAccountResult.NoAccount();
        return result is ChangeAccountResult.NotAllowed
            ? await request.ReplyAsync(Problem.NoAdministrator())
            : await ReplyAsync(request, (result as ChangeAccountResult.Changed)?.Account);
    }

    private static Task<HttpResponseData> ReplyAsync(HttpRequestData request, Account? account) => account is null
        ? request.ReplyAsync(new Problem(ProblemCode.NotFound, "There is no account with this id."))
        : request.ReplyAsync(AdminAccountBody.Of(account), WireJson.Default.AdminAccountBody);
}

[NotEmpty]
internal sealed record ChangeAccountRequestBody(
    [Description("Whether logins are refused.")] bool? Disabled,
    [MaxLength(Serverless.Sessions.Accounts.Roles.MaximumCount), Distinct, RegularExpression(Pattern.Role)] IReadOnlyList<string>? Roles)
{
    public AccountState? State => Disabled switch { true => AccountState.Disabled, false => AccountState.Active, null => null };

    // Administrators can't lock themselves out: each may be the last one.
    public void Check(bool isOwn)
    {
        if (Disabled is null && Roles is null)
            throw new ProblemException(ProblemCode.InvalidRequest, "Nothing to change: send disabled, roles, or both.");
        AccountFields.ReadRoles(Roles);
        if (isOwn && Disabled == true)
            throw ProblemException.InvalidField("disabled", "can't be set on your own account.");
        if (isOwn && Roles?.Contains(Serverless.Sessions.Accounts.Roles.Admin) == false)
            throw ProblemException.InvalidField("roles", "must keep your own role admin.");
    }
}
