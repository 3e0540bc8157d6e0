namespace Serverless.Functions.Accounts;

public sealed class AdminAccountImport(ImportAccounts importAccounts, TimeProvider clock, ILogger<AdminAccountImport> log)
{
    public const int MaximumLines = 1000, MaximumLength = 1024 * 1024;

    private const string Description =
        "Each line of the request is an account; each line of the response is its result, in the same order; "
        + "blank lines have none. At most 1000 lines and 1048576 bytes. An account that exists stays as it is, so an interrupted import is "
        + "repeated whole. `passwordHash` is one of `$argon2id$`, `$2a$`, `$2b$`, `$2y$`, `$scrypt$`, `$fbscrypt$`, `pbkdf2_sha256$` "
        + "or the base64 of ASP.NET Core Identity; the first login renews it.";

    [Function("ImportAccounts")]
    [Operation("Imports accounts with their password hashes from another system.", Description,
        NeedsFreshAuthentication = true, Accepts = typeof(ImportedAccountRequestBody), AcceptsType = MediaType.Lines)]
    [Answers(200, "A line for each account.", typeof(ImportReportBody), ContentType = MediaType.Lines)]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = AdminRoutes.Prefix + "accounts/import")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lines = await RequestBody.ReadLinesAsync(
            request, WireJson.Default.ImportedAccountRequestBody, MaximumLength, MaximumLines,
            (number, body) => new Line(number, body.Read(now), null), (number, problem) => new Line(number, null, problem.Detail),
            cancellationToken);
        var administrator = request.Session();
        if (await importAccounts.ExecuteAsync(
            [.. lines.Select(line => line.Account).OfType<ImportedAccount>()], administrator, cancellationToken) is not { } imported)
        {
            return await request.ReplyAsync(Problem.NoAdministrator());
        }

        var results = new Queue<ImportResult>(imported);
        ImportReportBody[] reports =
        [
            .. lines.Select(line => line.Account is null ? Refuse(line.Number, line.Error) : results.Dequeue() switch
            {
                ImportResult.Created created => new(line.Number, ImportOutcome.Created, created.Id.ToString(), null),
                ImportResult.Unreadable => Refuse(line.Number, "A stored row of this email can't be read."),
                _ => new(line.Number, ImportOutcome.Exists, null, null),
            }),
        ];
        log.AccountsImported(
            administrator.UserId.ToString(), Count(ImportOutcome.Created), Count(ImportOutcome.Exists), Count(ImportOutcome.Refused));
        return await request.ReplyLinesAsync(reports, WireJson.Default.ImportReportBody);

        static ImportReportBody Refuse(int line, string? error) => new(line, ImportOutcome.Refused, null, error);

        int Count(string outcome) => reports.Count(report => report.Result == outcome);
    }

    private sealed record Line(int Number, ImportedAccount? Account, string? Error);
}

[Description("An account of another system.")]
internal sealed record ImportedAccountRequestBody(
    [Required, Description("Compared in lower case, without surrounding whitespace.")] string? Email,
    [Required, Description("Recognized by its form.")] string? PasswordHash,
    [MaxLength(Serverless.Sessions.Accounts.Roles.MaximumCount), Distinct, RegularExpression(Pattern.Role)] IReadOnlyList<string>? Roles,
    [Description("Whether logins are refused.")] bool? Disabled,
    [Description("Whether the other system verified the email.")] bool? EmailVerified,
    [Description("Now if absent.")] DateTimeOffset? CreatedAt) : RedactedBody
{
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;

    public ImportedAccount Read(DateTimeOffset now) => new(
        AccountFields.ReadEmail(Email), ReadHash(), AccountFields.ReadRoles(Roles) ?? [],
        Disabled == true ? AccountState.Disabled : AccountState.Active, EmailVerified == true, ReadCreatedAt(now));

    private PasswordHash ReadHash()
    {
        if (string.IsNullOrEmpty(PasswordHash))
            throw ProblemException.InvalidField("passwordHash", "is missing.");
        var hash = new PasswordHash(PasswordHash);
        return hash.WhyNotImported is { } why ? throw ProblemException.InvalidField("passwordHash", why) : hash;
    }

    private DateTimeOffset? ReadCreatedAt(DateTimeOffset now) =>
        CreatedAt is null || (CreatedAt >= Earliest && CreatedAt <= now) ? CreatedAt?.ToUniversalTime()
        : throw ProblemException.InvalidField("createdAt", "must be from 1970 to now.");
}

internal sealed record ImportReportBody(
    [Range(1, AdminAccountImport.MaximumLength), Description("The number of the line, from 1.")] int Line,
    [NamesOf(typeof(ImportOutcome))] string Result,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [RegularExpression(Pattern.UserId), Description("The new user's id.")] string? Id,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("Why it was refused.")] string? Error);

internal static class ImportOutcome
{
    public const string Created = "created", Exists = "exists", Refused = "refused";
}
