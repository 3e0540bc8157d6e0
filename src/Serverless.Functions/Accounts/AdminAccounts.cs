namespace Serverless.Functions.Accounts;

public sealed class AdminAccounts(
    IAccountStore accounts, ListAccounts listAccounts, SearchAccounts searchAccounts, FindAccount findAccount, CreateAccount createAccount)
{
    [Function("ListAccounts")]
    [Operation("Lists accounts, or finds those with an email, a beginning of it, or ids.",
        "`email`, `prefix` and `ids` exclude each other. A page by `prefix` may be short and have a `next`.")]
    [Query("after", "The `next` of the previous page.")]
    [Query("email", "Only the account with this email; an empty page if there is none.")]
    [Query("prefix", "Only accounts whose email begins so, by email.")]
    [Query("ids", "Only the accounts with these ids: 1 to 50, separated by commas. Unknown ones are left out.")]
    [Reads(typeof(PageLimit))]
    [Answers(200, "One page; `next` continues it.", typeof(AdminAccountsBody))]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "accounts")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (email, prefix, ids) = (request.QueryField("email"), ReadPrefix(request), UserIds.Read(request, "ids"));
        if (new object?[] { email, prefix, ids }.Count(each => each is not null) > 1)
            throw ProblemException.InvalidField(ids is null ? "prefix" : "ids", "can't be combined with another choice of accounts.");
        var limit = PageLimit.Read(request);
        if (prefix is not null)
        {
            var (matching, next) = await searchAccounts.ExecuteAsync(
                prefix, ReadAfter<EmailPosition>(request, EmailPosition.TryParse), limit, cancellationToken);
            return await ReplyAsync(request, matching, next?.ToString());
        }

        var after = ReadAfter<AccountKey>(request, (text, out key) => AccountKey.TryParse(text, out key));
        if (ids is not null)
            return await ReplyAsync(request, await findAccount.ExecuteAsync(ids, cancellationToken), null);
        if (email is not null)
        {
            var found = (await accounts.ReadAsync(AccountFields.ReadEmail(email).ToAccountKey(), cancellationToken)).Account;
            return await ReplyAsync(
                request, found is null or { State: AccountState.Moved or AccountState.Erasing } ? [] : [found], null);
        }

        var page = await listAccounts.ExecuteAsync(after, limit, cancellationToken);
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
        return await Register.ReplyAsync(
            request, await createAccount.ExecuteAsync(request.Session(), email, password, roles, cancellationToken));
    }

    private static EmailPrefix? ReadPrefix(HttpRequestData request) => request.QueryField("prefix") is not { } text ? null
        : Email.NormalizePrefix(text) ?? throw ProblemException.InvalidField("prefix", "is not the beginning of an email address.");

    private delegate bool Parser<T>(string text, out T position);

    private static T? ReadAfter<T>(HttpRequestData request, Parser<T> parse)
        where T : struct => request.QueryField("after") is not { } text ? null
        : parse(text, out var position) ? position
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
