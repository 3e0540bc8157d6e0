namespace Serverless.Sessions.Accounts;

internal static class AdministratorEvents
{
    private static readonly Dictionary<LogAction, Action<ILogger, string, string>> Events = new()
    {
        [LogAction.AccountCreated] = Log.AccountMade,
        [LogAction.RolesChanged] = Log.RolesChanged,
        [LogAction.AccountDisabled] = Log.AccountDisabled,
        [LogAction.AccountEnabled] = Log.AccountEnabled,
        [LogAction.AccountClosing] = Log.AccountClosedFor,
        [LogAction.EmailVerified] = Log.EmailMarkedVerified,
    };

    /// <summary>Logs what an administrator did to an account. Each who completes the change calls it, so that it is logged at least once,
    /// whatever became of the request.</summary>
    public static void Report(this ILogger log, Account account, AccountChange change)
    {
        if (change.By?.Administrator is not { } by)
            return;
        var (administrator, user) = ($"{by}", $"{account.Id}");
        if (change.Action == LogAction.AccountSecured)
            log.AccountSecured(administrator, user, account.State == AccountState.Disabled);
        else if (change.Action is { } action)
            Events.GetValueOrDefault(action)?.Invoke(log, administrator, user);
        else if (change.Ends is not null)
            log.SessionsEnded(administrator, user);
    }
}
