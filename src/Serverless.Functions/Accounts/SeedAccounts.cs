namespace Serverless.Functions.Accounts;

/// <summary>Creates the administrator and, in Development, the demo accounts, as soon as storage can be reached.</summary>
internal sealed class SeedAccounts(
    CreateAccount createAccount, SetPassword setPassword, ChangeAccount changeAccount, MarkEmailVerified markEmailVerified,
    IAccountStore accounts, PasswordHashing hashing, PasswordRules rules, IHostEnvironment environment,
    IOptions<AdministratorOptions> administrator, IOptions<DemoOptions> demo, TimeProvider clock, ILogger<SeedAccounts> log)
    : BackgroundService
{
    // A longer outage needs a restart.
    private static readonly RetryPace ForADay = new(3_000, TimeSpan.FromDays(1), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await EnsureAsync(
            "Administrator", administrator.Value.Email, administrator.Value.Password, EnsureAdministratorAsync, stoppingToken);
        foreach (var email in environment.IsDevelopment() ? demo.Value.Emails : [])
            await EnsureAsync("Demo", email, demo.Value.Password, EnsureDemoAsync, stoppingToken);
    }

    private async Task EnsureAsync(
        string section, string? emailText, string? passwordText, Func<Email, Password, CancellationToken, Task<bool>> ensureAsync,
        CancellationToken stoppingToken)
    {
        if (!Email.TryParse(emailText, out var email) || string.IsNullOrEmpty(passwordText))
            return;

        var tries = new Retries(clock, ForADay);
        do
        {
            var why = "an account of this email is being created or erased";
            try
            {
                if (await rules.RefuseAsync(new(passwordText), stoppingToken) is { } refusal)
                {
                    log.SeedRefused(section, refusal);
                    return;
                }

                if (await ensureAsync(email, new(passwordText), stoppingToken))
                {
                    log.SeedReady(section);
                    return;
                }
            }
            catch (Exception exception)
                when (exception is StorageUnavailableException or ServiceBusyException or BreachedListUnavailableException)
            {
                why = exception.Message;
            }

            log.SeedWaits(section, why);
        }
        while (await tries.TryNextAsync(stoppingToken));
    }

    // An existing administrator is left alone: the password may have changed since. An account without the role may belong to anyone,
    // so its password is replaced first, which ends its sessions. False if that has to be tried again.
    private async Task<bool> EnsureAdministratorAsync(Email email, Password password, CancellationToken cancellationToken)
    {
        var key = email.ToAccountKey();
        if ((await accounts.ReadAsync(key, cancellationToken)).Account is not { } account)
            return await TryCreateAsync(email, password, [Roles.Admin], cancellationToken);
        // An account that has moved to another email is no longer the operator's to restore.
        if (account.State == AccountState.Moved)
            return true;
        if (account.State != AccountState.Active || !account.Roles.Contains(Roles.Admin))
        {
            if (!await TrySetPasswordAsync(email, password, cancellationToken)
                || !await changeAccount.ExecuteAsync(
                    key, AccountState.Active, [.. account.Roles.Except([Roles.Admin]), Roles.Admin], cancellationToken))
            {
                return false;
            }

            log.SeedRestored("Administrator");
        }

        await VerifyAsync(account, cancellationToken);
        return true;
    }

    // Replaces another password, so that the one shown to the developer works.
    private async Task<bool> EnsureDemoAsync(Email email, Password password, CancellationToken cancellationToken)
    {
        if ((await accounts.ReadAsync(email.ToAccountKey(), cancellationToken)).Account is not { } account)
            return await TryCreateAsync(email, password, [], cancellationToken);
        if (account.State == AccountState.Moved)
            return true;
        if (await hashing.CheckAsync(account.PasswordHash, password, cancellationToken) == PasswordCheck.Wrong
            && !await TrySetPasswordAsync(email, password, cancellationToken))
        {
            return false;
        }

        await VerifyAsync(account, cancellationToken);
        return true;
    }

    // Another instance, or a user registering with this email, may create it at the same time: the next try finds it.
    private async Task<bool> TryCreateAsync(
        Email email, Password password, IReadOnlyList<string> roles, CancellationToken cancellationToken) =>
        await createAccount.ExecuteAsync(email, password, roles, by: null, cancellationToken) is CreateAccountResult.Created;

    private Task<bool> TrySetPasswordAsync(Email email, Password password, CancellationToken cancellationToken) =>
        setPassword.ExecuteAsync(email, password, read: null, except: null, client: null, cancellationToken);

    // Accounts from before Accounts__VerifyEmail would be locked out.
    private async Task VerifyAsync(Account existing, CancellationToken cancellationToken)
    {
        if (existing.EmailVerifiedAt is null)
            await markEmailVerified.ExecuteAsync(administrator: null, existing.Id, cancellationToken);
    }
}

public sealed class AdministratorOptions
{
    [Setting("the first administrator: created at the first start; a start that finds the account disabled or without the role restores it",
        "you deploy for the first time, or no administrator is left", Allowed = "an email address"), Sensitive]
    public string? Email { get; set; }

    // A restored account gets this password, so that nobody else gets the role.
    [Setting("the administrator's first password; a restored account gets it, too",
        "you deploy for the first time, or no administrator is left; remove it once the account exists",
        Allowed = "a password by the section Passwords"), Sensitive]
    public string? Password { get; set; }

    [Setting("whether the admin routes refuse a session whose last login or step-up wasn't by passkey",
        "every administrator has a passkey")]
    public bool RequirePasskey { get; set; }
}

public sealed class DemoOptions
{
    [Setting("the demo accounts, created at start in Development only", "you develop",
        Allowed = "email addresses, separated by commas", Local = "demo@example.com"), Sensitive]
    public string? Email { get; set; }

    [Setting("their password; a start that finds another password replaces it", "you develop",
        Allowed = "a password by the section Passwords", Local = "correct horse battery staple"), Sensitive]
    public string? Password { get; set; }

    internal IReadOnlyList<string> Emails =>
        Email?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}

internal sealed class SeedRules(IOptions<PasswordOptions> passwords)
    : IValidateOptions<AdministratorOptions>, IValidateOptions<DemoOptions>
{
    public ValidateOptionsResult Validate(string? name, AdministratorOptions options) =>
        Validate("Administrator", [options.Email], options.Password);

    public ValidateOptionsResult Validate(string? name, DemoOptions options) =>
        Validate("Demo", options.Emails, options.Password);

    private ValidateOptionsResult Validate(string section, IReadOnlyList<string?> emails, string? password)
    {
        List<string> failures = [];
        if (emails.Any(email => !string.IsNullOrEmpty(email) && !Email.TryParse(email, out _)))
            failures.Add($"{section}__{nameof(AdministratorOptions.Email)} must be an email address, but is something else.");
        if (!string.IsNullOrEmpty(password) && passwords.Value.RefuseLength(new(password)) is { } why)
            failures.Add($"{section}__{nameof(AdministratorOptions.Password)} is refused: {why}");
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
