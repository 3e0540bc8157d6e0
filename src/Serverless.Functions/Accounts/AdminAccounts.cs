namespace Serverless.Functions.Accounts;

public sealed class AdminAccounts(IAccountStore accounts, CreateAccount createAccount, ILogger<AdminAccounts> log)
{
    [Function("ListAccounts")]
    [Operation("Lists accounts, or finds one by email.")]
    [Query("after", "The `next` of the previous page.")]
    [Query("email", "Only the account with this email; an empty page if there is none.")]
    [Reads(typeof(PageLimit))]
    [Answers(200, "One page; `next` continues it.", typeof(AdminAccountsBody))]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "accounts")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (after, limit) = (ReadAfter(request), PageLimit.Read(request));
        if (request.QueryField("email") is { } text)
        {
            var found = (await accounts.ReadAsync(AccountFields.ReadEmail(text).ToAccountKey(), cancellationToken)).Account;
            return await ReplyAsync(
                request, found is null or { State: AccountState.Moved or AccountState.Erasing } ? [] : [found], null);
        }

        var page = await accounts.ListAsync(after, limit, cancellationToken);
        return await ReplyAsync(request, page.Accounts, page.Next?.Value);
    }

    [Function("CreateAccount")]
    [Operation("Creates an account with roles.", "`captchaToken` is ignored.",
        NeedsFreshAuthentication = true, Accepts = typeof(NewAccountRequestBody))]
    [Answers(201, "The account.", typeof(AccountBody))]
    [Refuses(nameof(ProblemCode.EmailTaken))]
    public async Task<HttpResponseData> CreateAsync(
        [HttpTrigger(Anonymous, "post", Route = AdminRoutes.Prefix + "accounts")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.NewAccountRequestBody, cancellationToken);
        var (email, password, roles) = body.Read();
        var administrator = request.Session().UserId;
        var result = await createAccount.ExecuteAsync(email, password, roles, Actor.Of(administrator), cancellationToken);
        if (result is CreateAccountResult.Created created)
            log.AccountMade(administrator.ToString(), created.Account.Id.ToString());
        return await Register.ReplyAsync(request, result);
    }

    private static AccountKey? ReadAfter(HttpRequestData request) =>
        request.QueryField("after") is not { } text ? null
        : AccountKey.TryParse(text, out var key) ? key
        : throw ProblemException.InvalidField("after", "must be the next of a previous page.");

    private static Task<HttpResponseData> ReplyAsync(HttpRequestData request, IReadOnlyList<Account> found, string? next) =>
        request.ReplyAsync(new AdminAccountsBody([.. found.Select(AdminAccountBody.Of)], next), WireJson.Default.AdminAccountsBody);
}

internal sealed record AdminAccountsBody(
    IReadOnlyList<AdminAccountBody> Accounts,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The `after` of the next page; absent on the last.")] string? Next);

[Description("An account, as administrators see it.")]
internal sealed record AdminAccountBody(
    [RegularExpression(Pattern.UserId), Description("The user's id.")] string Id,
    [MaxLength(254), Description("In lower case.")] string Email,
    [RegularExpression(Pattern.Role)] IReadOnlyList<string> Roles,
    [Description("Whether logins are refused.")] bool Disabled,
    DateTimeOffset CreatedAt,
    [Description("Whether its user has proven to read mails to the address.")] bool EmailVerified,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [Description("When it will be erased; absent unless it was closed.")] DateTimeOffset? ClosesAt)
{
    public static AdminAccountBody Of(Account account) => new(
        account.Id.ToString(), account.Email.Value, account.Roles, account.State == AccountState.Disabled, account.CreatedAt,
        account.EmailVerifiedAt is not null, account.EraseAt);
}
