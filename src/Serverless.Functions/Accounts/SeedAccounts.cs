using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Settings;

namespace Serverless.Functions.Accounts;

/// <summary>
/// Makes the accounts of the settings beside the start of the app, as soon as storage can be reached: the administrator, and
/// in Development the demo account.
/// </summary>
internal sealed class SeedAccounts(
    CreateAccount createAccount,
    SetPassword setPassword,
    IAccountStore accounts,
    PasswordHashing hashing,
    IHostEnvironment environment,
    IOptions<AdministratorOptions> administrator,
    IOptions<DemoOptions> demo,
    ILogger<SeedAccounts> log) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await EnsureAsync(AdministratorOptions.Section, administrator.Value.Email, administrator.Value.Password, EnsureAdministratorAsync, stoppingToken)
            .ConfigureAwait(false);
        if (environment.IsDevelopment())
        {
            await EnsureAsync(DemoOptions.Section, demo.Value.Email, demo.Value.Password, EnsureDemoAsync, stoppingToken)
                .ConfigureAwait(false);
        }
    }

    private async Task EnsureAsync(
        string section,
        string? emailText,
        string? passwordText,
        Func<Email, Password, CancellationToken, Task<string?>> ensureAsync,
        CancellationToken stoppingToken)
    {
        if (string.IsNullOrEmpty(emailText) || string.IsNullOrEmpty(passwordText))
            return;
        if (!Email.TryParse(emailText, out var email))
        {
            log.SeedRefused(section, "its email is no email address.");
            return;
        }

        while (true)
        {
            try
            {
                var refusal = await ensureAsync(email, new(passwordText), stoppingToken).ConfigureAwait(false);
                if (refusal is null)
                    log.SeedReady(section);
                else
                    log.SeedRefused(section, refusal);
                return;
            }
            catch (Exception exception) when (exception is StorageUnavailableException or ServiceBusyException)
            {
                log.SeedWaits(section, exception.Message);
                await Task.Delay(RetryAfter, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    // An administrator who exists is left alone: the setting is for the first start, and the password has changed since.
    private async Task<string?> EnsureAdministratorAsync(Email email, Password password, CancellationToken cancellationToken)
    {
        if ((await accounts.ReadAsync(email.ToAccountKey(), cancellationToken).ConfigureAwait(false)).Account is not null)
            return null;
        return await createAccount.ExecuteAsync(email, password, [Roles.Admin], by: null, cancellationToken).ConfigureAwait(false)
            is CreateAccountResult.PasswordRefused refused ? refused.Why : null;
    }

    // The demo account gets the password of the setting, so that what is shown to the developer is true.
    private async Task<string?> EnsureDemoAsync(Email email, Password password, CancellationToken cancellationToken)
    {
        var account = (await accounts.ReadAsync(email.ToAccountKey(), cancellationToken).ConfigureAwait(false)).Account;
        if (account is null)
        {
            return await createAccount.ExecuteAsync(email, password, [], by: null, cancellationToken).ConfigureAwait(false)
                is CreateAccountResult.PasswordRefused refused ? refused.Why : null;
        }

        if (await hashing.CheckAsync(account.PasswordHash, password, cancellationToken).ConfigureAwait(false) != PasswordCheck.Wrong)
            return null;
        return await setPassword.ExecuteAsync(email, password, replaces: null, except: null, client: null, cancellationToken).ConfigureAwait(false)
            is SetPasswordResult.PasswordRefused why ? why.Why : null;
    }
}

/// <summary>Adds the accounts of the settings.</summary>
internal static class AccountServices
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSettings<RegistrationOptions>(RegistrationOptions.Section);
        services.AddSettings<AdministratorOptions>(AdministratorOptions.Section);
        services.AddSettings<DemoOptions>(DemoOptions.Section);
        return services.AddHostedService<SeedAccounts>();
    }
}
