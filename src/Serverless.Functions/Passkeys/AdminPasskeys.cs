namespace Serverless.Functions.Passkeys;

public sealed class AdminPasskeys(
    ListPasskeys listPasskeys, RemovePasskey removePasskey, FindAccount findAccount, IOptions<PasskeyOptions> options)
{
    private const string Route = AdminRoutes.Prefix + "accounts/{userId}/passkeys";

    [Function("ListPasskeysOfAccount")]
    [Operation("Lists the passkeys of a user.")]
    [Answers(200, "The passkeys, in the order of their registration.", typeof(PasskeysBody))]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = Route)] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, CancellationToken cancellationToken)
    {
        PasskeyFields.RequirePasskeys(options.Value);
        var account = await findAccount.FindAsync(userId, cancellationToken);
        var passkeys = await listPasskeys.ExecuteAsync(account.Id, cancellationToken);
        return await request.ReplyAsync(new([.. passkeys.Select(PasskeyBody.Of)]), WireJson.Default.PasskeysBody);
    }

    [Function("RemovePasskeyOfAccount")]
    [Operation("Removes a passkey of a user.", "The last one of an account without a password stays, unless it waits for a review.",
        NeedsFreshAuthentication = true)]
    [Answers(204, "Removed.")]
    [Refuses(nameof(ProblemCode.LastCredential))]
    public async Task<HttpResponseData> RemoveAsync(
        [HttpTrigger(Anonymous, "delete", Route = Route + "/{id}")] HttpRequestData request,
        [RegularExpression(Pattern.UserId)] string userId, [RegularExpression(Pattern.Id)] string id, CancellationToken cancellationToken)
    {
        PasskeyFields.RequirePasskeys(options.Value);
        var result = UserId.TryParse(userId, out var user) && PasskeyId.TryParse(id, out var known)
            ? await removePasskey.ExecuteAsync(request.Session().UserId, user, known, cancellationToken)
            : new RemovePasskeyResult.NotFound();
        if (result is RemovePasskeyResult.LastCredential)
            throw new ProblemException(
                ProblemCode.LastCredential, "The account has no password; nobody could log in without this passkey.");
        return result is RemovePasskeyResult.Removed ? request.Empty(HttpStatusCode.NoContent)
            : throw new ProblemException(ProblemCode.NotFound, "There is no such account or passkey.");
    }
}
