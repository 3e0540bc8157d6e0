namespace Serverless.Functions.Passkeys;

public sealed class MyPasskeys(
    ListPasskeys listPasskeys, RenamePasskey renamePasskey, KeepPasskey keepPasskey, RemovePasskey removePasskey,
    FreshAuthentication fresh, Callers callers, IOptions<PasskeyOptions> options, ILogger<MyPasskeys> log)
{
    private const string Route = "accounts/passkeys/{id:regex(^[0-9a-f]{{32}}$)}";

    [Function("ListPasskeys")]
    [Operation("Lists my passkeys.")]
    [Answers(200, "My passkeys, in the order of their registration.", typeof(PasskeysBody))]
    [Refuses(nameof(ProblemCode.NotFound))]
    public async Task<HttpResponseData> ListAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "accounts/passkeys")] HttpRequestData request, CancellationToken cancellationToken)
    {
        PasskeyFields.RequirePasskeys(options.Value);
        var passkeys = await listPasskeys.ExecuteAsync(request.Session().UserId, cancellationToken);
        return await request.ReplyAsync(new([.. passkeys.Select(PasskeyBody.Of)]), WireJson.Default.PasskeysBody);
    }

    [Function("RenamePasskey")]
    [Operation("Renames one of my passkeys, or keeps one that waits for a review.",
        "To keep it needs a fresh proof, which a passkey for review can't give. Fields that are left out stay unchanged.",
        Accepts = typeof(PasskeyChangeRequestBody))]
    [Answers(200, "The passkey.", typeof(PasskeyBody))]
    [Refuses(nameof(ProblemCode.InsufficientUserAuthentication))]
    public async Task<HttpResponseData> ChangeAsync(
        [HttpTrigger(Anonymous, "patch", Route = Route)] HttpRequestData request,
        [RegularExpression(Pattern.Id)] string id, CancellationToken cancellationToken)
    {
        PasskeyFields.RequirePasskeys(options.Value);
        var body = await RequestBody.ReadAsync(request, WireJson.Default.PasskeyChangeRequestBody, cancellationToken);
        var (name, session) = (body.Read(), request.Session());
        if (body.Reviewed is not null)
            fresh.Require(session);
        if (!PasskeyId.TryParse(id, out var known))
            return await request.ReplyAsync(NotFound());
        // First, so that whatever fails has kept nothing.
        var passkey = name is null ? null : await renamePasskey.ExecuteAsync(session.UserId, known, name, cancellationToken);
        if (body.Reviewed is not null)
        {
            var review = await keepPasskey.ExecuteAsync(session, known, callers.ClientOf(request), cancellationToken);
            if (review is KeepPasskeyResult.Ended over)
                return await request.ReplyAsync(Problem.SessionEnded(over.Reason));
            if (review is KeepPasskeyResult.Kept { IsNew: true })
                log.PasskeyKept($"{session.UserId}");
            passkey = (review as KeepPasskeyResult.Kept)?.Passkey;
        }

        return passkey is null
            ? await request.ReplyAsync(NotFound())
            : await request.ReplyAsync(PasskeyBody.Of(passkey), WireJson.Default.PasskeyBody);
    }

    [Function("RemovePasskey")]
    [Operation("Removes one of my passkeys.", "The last one of an account without a password stays.", NeedsFreshAuthentication = true)]
    [Answers(204, "Removed.")]
    [Refuses(nameof(ProblemCode.LastCredential))]
    public async Task<HttpResponseData> RemoveAsync(
        [HttpTrigger(Anonymous, "delete", Route = Route)] HttpRequestData request,
        [RegularExpression(Pattern.Id)] string id, CancellationToken cancellationToken)
    {
        PasskeyFields.RequirePasskeys(options.Value);
        var session = request.Session();
        var result = PasskeyId.TryParse(id, out var known)
            ? await removePasskey.ExecuteAsync(session, known, callers.ClientOf(request), cancellationToken)
            : new RemovePasskeyResult.NotFound();
        if (result is RemovePasskeyResult.Removed)
            log.PasskeyRemoved($"{session.UserId}");
        return result switch
        {
            RemovePasskeyResult.Removed => request.Empty(HttpStatusCode.NoContent),
            RemovePasskeyResult.NotFound => await request.ReplyAsync(NotFound()),
            RemovePasskeyResult.LastCredential => await request.ReplyAsync(
                new Problem(ProblemCode.LastCredential, "The account has no password; add another passkey first.")),
            RemovePasskeyResult.Ended over => await request.ReplyAsync(Problem.SessionEnded(over.Reason)),
            _ => throw new UnreachableException(),
        };
    }

    private static Problem NotFound() => new(ProblemCode.NotFound, "You have no passkey with this id.");
}

[NotEmpty]
internal sealed record PasskeyChangeRequestBody(
    [Length(1, Passkey.MaximumNameLength), Description("Without control characters.")] string? Name,
    [AllowedValues(true), Description("Keeps a passkey that waits for a review.")] bool? Reviewed)
{
    /// <summary>Returns the new name, if there is one.</summary>
    public string? Read() => (Name, Reviewed) switch
    {
        (_, false) => throw ProblemException.InvalidField("reviewed", "must be true."),
        (null, true) => null,
        _ => PasskeyFields.ReadName(Name) ?? throw ProblemException.InvalidField("name", "is missing, or has nothing visible."),
    };
}

[Description("A passkey, as its user sees it.")]
internal sealed record PasskeyBody(
    [RegularExpression(Pattern.Id)] string Id,
    [Description("The credential's id of WebAuthn, in base64url.")] string CredentialId,
    [Description("The user's own name for it.")] string Name,
    [Description("Who keeps it, by its AAGUID; null if that isn't known.")] string? Provider,
    DateTimeOffset CreatedAt,
    [Description("The last login or step-up with it; null before the first.")] DateTimeOffset? LastUsedAt,
    [Description("Whether it is copied to other devices of the user.")] bool IsSynced,
    [Description("Whether it waits for its user's review, and proves nothing until then.")] bool ForReview)
{
    public static PasskeyBody Of(Passkey passkey) => new(
        $"{passkey.Id}", System.Buffers.Text.Base64Url.EncodeToString(passkey.CredentialId.Span), passkey.Name, passkey.Provider,
        passkey.CreatedAt, passkey.LastUsedAt, passkey.IsBackedUp, passkey.IsForReview);
}

internal sealed record PasskeysBody(IReadOnlyList<PasskeyBody> Passkeys);
