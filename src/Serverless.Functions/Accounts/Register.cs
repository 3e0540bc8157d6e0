namespace Serverless.Functions.Accounts;

public sealed class Register(
    CreateAccount createAccount, Callers callers, RateLimits rateLimits, IOptions<RegistrationOptions> options,
    ILogger<Register> log, ICaptcha? captcha = null)
{
    [Function(nameof(Register))]
    [Operation(
        "Creates an account.",
        "404 unless `Registration__Enabled` is true. `roles` are rejected: only administrators assign them. With a captcha provider, every "
        + "registration needs a captcha.",
        Access = Access.Anyone, Accepts = typeof(NewAccountRequestBody))]
    [Answers(201, "The account.", typeof(AccountBody))]
    [Refuses(nameof(ProblemCode.CaptchaRequired), nameof(ProblemCode.NotFound), nameof(ProblemCode.EmailTaken), nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "accounts")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
            throw new ProblemException(ProblemCode.NotFound, "Registration is disabled.");
        var body = await RequestBody.ReadAsync(
            request, WireJson.Default.NewAccountRequestBody,
            body => body.Roles is null ? body.Check() ?? CaptchaField.Check(body.CaptchaToken)
                : Problem.InvalidField("roles", "can only be assigned by an administrator."),
            cancellationToken);
        var client = callers.ClientOf(request);
        rateLimits.LimitOther(client);
        var isSolved = captcha is null || (!string.IsNullOrEmpty(body.CaptchaToken)
            && await captcha.IsSolvedAsync(new(body.CaptchaToken), client.IpAddress, cancellationToken));
        if (!isSolved)
            throw new ProblemException(ProblemCode.CaptchaRequired, "Solve a captcha and send its token as captchaToken; a token works once.");

        var result = await createAccount.ExecuteAsync(
            body.ToEmail(), new(body.Password!), [], Actor.Of(client), cancellationToken);
        if (result is CreateAccountResult.Created created)
            log.Registered(created.Account.Id.ToString(), MaskedAddress.Of(client.IpAddress));
        return await request.ReplyAsync(result);
    }
}

public sealed class RegistrationOptions
{
    public const string Section = "Registration";

    [Setting("whether anyone may create an account with POST accounts, which otherwise returns 404", "users register themselves")]
    public bool Enabled { get; set; }
}

internal sealed record NewAccountRequestBody(
    [Required, Description("Compared in lower case, without surrounding whitespace.")] string? Email,
    [Required, Description("12 to 128 characters (settings of section Passwords).")] string? Password,
    [MaxLength(Serverless.Sessions.Accounts.Roles.MaximumCount), Distinct, RegularExpression(Pattern.Role)] IReadOnlyList<string>? Roles,
    [MaxLength(CaptchaField.MaximumLength), Description("The token of a solved captcha, if registrations need one.")] string? CaptchaToken)
    : RedactedBody
{
    public Problem? Check() =>
        Email is null ? Problem.InvalidField("email", "is missing.")
        : !Serverless.Sessions.Accounts.Email.TryParse(Email, out _) ? Problem.InvalidField("email", "is not an email address.")
        : string.IsNullOrEmpty(Password) ? Problem.InvalidField("password", "is missing.")
        : Roles is not null && !Serverless.Sessions.Accounts.Roles.AreValid(Roles) ? RolesProblem()
        : null;

    public Email ToEmail() => Serverless.Sessions.Accounts.Email.TryParse(Email, out var email)
        ? email
        : throw new InvalidOperationException("The body was not checked.");

    public static Problem RolesProblem() => Problem.InvalidField(
        "roles",
        $"must be at most {Serverless.Sessions.Accounts.Roles.MaximumCount} distinct names of 1 to 32 characters: a-z, 0-9, dot, dash, underscore.");
}

/// <summary>The response to registration and to the creation by an administrator.</summary>
internal static class NewAccountReply
{
    public static Task<HttpResponseData> ReplyAsync(this HttpRequestData request, CreateAccountResult result) => result switch
    {
        CreateAccountResult.Created created => request.ReplyAsync(
            new AccountBody(created.Account.Id.ToString(), created.Account.Email.Value, created.Account.Roles),
            WireJson.Default.AccountBody,
            HttpStatusCode.Created),
        CreateAccountResult.PasswordRefused refused => request.ReplyAsync(Problem.InvalidField("password", refused.Why)),
        _ => request.ReplyAsync(new Problem(ProblemCode.EmailTaken, "Log in, or choose another email.")),
    };
}
