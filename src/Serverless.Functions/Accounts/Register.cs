namespace Serverless.Functions.Accounts;

public sealed class Register(
    CreateAccount createAccount, RegisterAccount registerAccount, Callers callers, OpenRegistration registration,
    IOptions<AccountOptions> accounts, ILogger<Register> log)
{
    [Function(nameof(Register))]
    [Operation("Creates an account.",
        "404 unless `Registration__Enabled` is true. `roles` are rejected: only administrators assign them. With a captcha provider, every "
        + "registration needs a captcha. With `Accounts__VerifyEmail` the answer is always 202, and the owner of the email gets a mail: "
        + "the link that creates the account, or that there is one.", Access = Access.Anyone, Accepts = typeof(NewAccountRequestBody))]
    [Answers(201, "The account.", typeof(AccountBody))]
    [Answers(202, "Accepted: a mail is on its way.")]
    [Refuses(
        nameof(ProblemCode.CaptchaRequired), nameof(ProblemCode.NotFound), nameof(ProblemCode.EmailTaken), nameof(ProblemCode.RateLimited))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "post", Route = "accounts")] HttpRequestData request, CancellationToken cancellationToken)
    {
        registration.Require();
        var body = await RequestBody.ReadAsync(request, WireJson.Default.NewAccountRequestBody, cancellationToken);
        if (body.Roles is not null)
            throw ProblemException.InvalidField("roles", "can only be assigned by an administrator.");
        var (email, password, roles) = body.Read();
        var token = AccountFields.ReadCaptchaToken(body.CaptchaToken);
        var client = callers.ClientOf(request);
        await registration.AdmitAsync(token, client, cancellationToken);
        if (accounts.Value.VerifyEmail)
            return await RegisterAsync(request, email, password, client, cancellationToken);
        var result = await createAccount.ExecuteAsync(email, password, roles, Actor.Of(client), cancellationToken);
        if (result is CreateAccountResult.Created created)
            log.Registered(created.Account.Id.ToString(), MaskedAddress.Of(client.IpAddress));
        return await ReplyAsync(request, result);
    }

    private async Task<HttpResponseData> RegisterAsync(
        HttpRequestData request, Email email, Password password, ClientInfo client, CancellationToken cancellationToken)
    {
        if (!registration.AdmitsMail(client, email))
            return request.Empty(HttpStatusCode.Accepted);
        var result = await registerAccount.ExecuteAsync(email, password, Callers.LanguageOf(request), cancellationToken);
        return result is RegisterAccountResult.PasswordRefused refused
            ? await request.ReplyAsync(Problem.InvalidField("password", refused.Why))
            : request.Empty(HttpStatusCode.Accepted);
    }

    internal static Task<HttpResponseData> ReplyAsync(HttpRequestData request, CreateAccountResult result) => result switch
    {
        CreateAccountResult.Created { Account: var account } => request.ReplyAsync(
            AccountBody.Of(account), WireJson.Default.AccountBody, HttpStatusCode.Created),
        CreateAccountResult.PasswordRefused refused => request.ReplyAsync(Problem.InvalidField("password", refused.Why)),
        CreateAccountResult.NotAllowed => request.ReplyAsync(Problem.NoAdministrator()),
        _ => request.ReplyAsync(OpenRegistration.EmailTaken()),
    };
}

internal sealed record NewAccountRequestBody(
    [Required, Description("Compared in lower case, without surrounding whitespace.")] string? Email,
    [Required, Description("12 to 128 characters (settings of section Passwords).")] string? Password,
    [MaxLength(Serverless.Sessions.Accounts.Roles.MaximumCount), Distinct, RegularExpression(Pattern.Role)] IReadOnlyList<string>? Roles,
    [MaxLength(AccountFields.MaximumCaptchaLength), Description("The token of a solved captcha, if registrations need one.")]
    string? CaptchaToken) : RedactedBody
{
    public (Email Email, Password Password, IReadOnlyList<string> Roles) Read() => (
        AccountFields.ReadEmail(Email), AccountFields.ReadPassword(Password, "password"), AccountFields.ReadRoles(Roles) ?? []);
}
