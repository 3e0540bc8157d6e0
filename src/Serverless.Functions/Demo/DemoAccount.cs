using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Sessions;
using Serverless.Sessions.Accounts;

namespace Serverless.Functions.Demo;

/// <summary>Makes the demo account beside the start of the app, as soon as storage can be reached.</summary>
internal sealed class DemoAccount(
    CreateAccount createAccount,
    SetPassword setPassword,
    IAccountStore accounts,
    PasswordHashing hashing,
    IOptions<DemoOptions> options,
    ILogger<DemoAccount> log) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value is not { Email: { Length: > 0 } emailText, Password: { Length: > 0 } passwordText })
            return;
        if (!Email.TryParse(emailText, out var email))
        {
            log.DemoRefused("Demo:Email is no email address.");
            return;
        }

        while (true)
        {
            try
            {
                await EnsureAsync(email, new(passwordText), stoppingToken).ConfigureAwait(false);
                return;
            }
            catch (StorageUnavailableException exception)
            {
                log.DemoWaits(exception.Message);
                await Task.Delay(RetryAfter, stoppingToken).ConfigureAwait(false);
            }
        }
    }

    private async Task EnsureAsync(Email email, Password password, CancellationToken cancellationToken)
    {
        var account = (await accounts.ReadAsync(email.ToAccountKey(), cancellationToken).ConfigureAwait(false)).Account;
        if (account is null)
            Report(email, await createAccount.ExecuteAsync(email, password, [], cancellationToken).ConfigureAwait(false));
        else if (await hashing.CheckAsync(account.PasswordHash, password, cancellationToken).ConfigureAwait(false) == PasswordCheck.Wrong)
            Report(email, await setPassword.ExecuteAsync(email, password, except: null, client: null, cancellationToken).ConfigureAwait(false));
        else
            log.DemoReady(email.Value);
    }

    private void Report(Email email, object result)
    {
        if (result is CreateAccountResult.PasswordRefused { Why: var refusal })
            log.DemoRefused(refusal);
        else if (result is SetPasswordResult.PasswordRefused { Why: var otherRefusal })
            log.DemoRefused(otherRefusal);
        else
            log.DemoReady(email.Value);
    }
}

/// <summary>Adds the demo account.</summary>
internal static class DemoServices
{
    public static IServiceCollection AddDemoAccount(this IServiceCollection services)
    {
        services.AddOptions<DemoOptions>().BindConfiguration(DemoOptions.Section);
        return services.AddHostedService<DemoAccount>();
    }
}
