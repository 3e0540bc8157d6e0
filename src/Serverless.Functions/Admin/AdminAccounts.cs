using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Accounts;
using Serverless.Functions.Http;
using Serverless.Functions.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Ending;

namespace Serverless.Functions.Admin;

/// <summary>GET and POST admin/accounts</summary>
public sealed class AdminAccounts(IAccountStore accounts, CreateAccount createAccount, Callers callers, ILogger<AdminAccounts> log)
{
    [Function("ListAccounts")]
    [Operation("Accounts, page by page, or the one with an email.")]
    [Query("after", "The `next` of the previous page.")]
    [Query("email", "Only the account with this email; an empty page if there is none.")]
    [Reads(typeof(PageLimit))]
    [Answers<AdminAccountsBody>(200, "One page; `next` continues it.")]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = AdminRoutes.Prefix + "accounts")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (_, problem) = await callers.AuthorizeAdminAsync(request, cancellationToken);
        var limit = PageLimit.Read(request, ref problem);
        var after = request.QueryField("after", ref problem);
        if (after is not null && !AccountKey.TryParse(after, out _))
            problem ??= Problem.InvalidField("after", "is no continuation of this route.");
        var text = request.QueryField("email", ref problem);
        var email = Email.TryParse(text, out var parsed) ? parsed : null;
        if (email is null && text is not null)
            problem ??= Problem.InvalidField("email", "is no email address.");
        if (problem is not null)
            return await request.ReplyAsync(problem);

        if (email is not null)
        {
            var found = (await accounts.ReadAsync(email.ToAccountKey(), cancellationToken)).Account;
            return await ReplyAsync(request, found is null ? [] : [found], null);
        }

        var page = await accounts.ListAsync(
            AccountKey.TryParse(after, out var key) ? key : null, limit, cancellationToken);
        return await ReplyAsync(request, page.Accounts, page.Next?.Value);
    }

    [Function("CreateAccount")]
    [Operation("Creates an account, with roles.", "`captchaToken` is ignored.")]
    [Accepts<NewAccountRequestBody>]
    [Answers<AccountBody>(201, "The account.")]
    [Refuses(nameof(ProblemCode.EmailTaken))]
    public async Task<HttpResponseData> CreateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = AdminRoutes.Prefix + "accounts")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (administrator, problem) = await callers.AuthorizeAdminAsync(request, cancellationToken);
        if (administrator is null)
            return await request.ReplyAsync(problem!);
        (var body, problem) = await RequestBody.ReadAsync(request, WireJson.Default.NewAccountRequestBody, cancellationToken);
        problem ??= body!.Check();
        if (problem is not null)
            return await request.ReplyAsync(problem);
        var result = await createAccount.ExecuteAsync(
            body!.ToEmail(), new(body.Password!), body.Roles ?? [], Actor.Of(administrator.UserId), cancellationToken);
        if (result is CreateAccountResult.Created created)
            log.AccountMade(administrator.UserId.ToString(), created.Account.Id.ToString());
        return await request.ReplyAsync(result);
    }

    private static Task<HttpResponseData> ReplyAsync(HttpRequestData request, IReadOnlyList<Account> found, string? next) =>
        request.ReplyAsync(new AdminAccountsBody([.. found.Select(AdminAccountBody.Of)], next), WireJson.Default.AdminAccountsBody);
}

internal sealed record AdminAccountsBody(
    IReadOnlyList<AdminAccountBody> Accounts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), Description("Send it as `after`; absent on the last page.")] string? Next);

[Description("An account as administrators see it.")]
internal sealed record AdminAccountBody(
    [RegularExpression(Pattern.UserId), Description("The user's id.")] string Id,
    [MaxLength(254), Description("In lower case.")] string Email,
    [RegularExpression(Pattern.Role)] IReadOnlyList<string> Roles,
    [Description("Whether logins are refused.")] bool Disabled,
    DateTimeOffset CreatedAt)
{
    public static AdminAccountBody Of(Account account) => new(
        account.Id.ToString(), account.Email.Value, account.Roles, account.State == AccountState.Disabled, account.CreatedAt);
}
