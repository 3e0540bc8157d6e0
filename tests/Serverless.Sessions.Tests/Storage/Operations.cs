namespace Serverless.Sessions.Tests.Storage;

internal static class Operations
{
    private const string Next = "another horse battery staple";

    public static IReadOnlyList<string> Names { get; } =
    [
        "login", "failed login", "refresh", "step-up", "logout", "logout everywhere", "password change", "wrong password", "roles", "disabling",
        "new account", "message", "marking as read", "heartbeat", "keys", "purge timer", "flagging timer", "alerts timer", "roll-up timer", "retention timer",
    ];

    /// <returns>Runs the prepared operation.</returns>
    public static async Task<Func<Task>> PrepareAsync(Service service, string operation)
    {
        var account = await service.CreateAccountAsync();
        var (email, login) = (account.Email, await service.LoginAsync(account.Email));
        var session = login.Session;
        var administrator = await service.NewAdministratorAsync();
        service.Clock.Advance(operation switch
        {
            "roll-up timer" => TimeSpan.FromHours(2),
            "purge timer" => TimeSpan.FromDays(1),
            "retention timer" => TimeSpan.FromDays(120),
            "keys" => TimeSpan.FromDays(200),
            _ => TimeSpan.Zero,
        });
        if (operation == "marking as read")
            await service.SendMessage.ExecuteAsync(administrator.UserId, session.UserId, "hello", "the key of hello", default);
        if (operation == "retention timer")
            await service.RollUp.ExecuteAsync(default);
        return operation switch
        {
            "login" => () => service.LoginAsync(email),
            "failed login" => () => service.TryLoginAsync(email, "wrong password"),
            "refresh" => () => service.TryRefreshAsync(login.Tokens.RefreshText),
            "step-up" => () => service.TryStepUpAsync(session),
            "logout" => () => service.LogoutAsync(session),
            "logout everywhere" => () => service.EndAllSessions.ExecuteAsync(
                session.UserId, email, EndReason.LogoutAll, null, Actor.Of(Service.Client), default),
            "password change" => () => ChangePasswordAsync(Service.Password),
            "wrong password" => () => ChangePasswordAsync("wrong password"),
            "roles" => () => service.ChangeAccount.ExecuteAsync(administrator, session.UserId, null, ["writer"], default),
            "disabling" => () => service.ChangeAccount.ExecuteAsync(administrator, session.UserId, AccountState.Disabled, null, default),
            "new account" => () => service.CreateAccount.ExecuteAsync(Service.NewEmail(), new(Next), [], null, default),
            "message" => () => service.SendMessage.ExecuteAsync(session.UserId, administrator.UserId, "hello", "the key of hello", default),
            "marking as read" => () => service.MarkMessagesRead.ExecuteAsync(session.UserId, administrator.UserId, 1, default),
            "heartbeat" => () => service.BeatAsync(session),
            "flagging timer" => () => service.Flag.ExecuteAsync(default),
            "alerts timer" => () => service.RaiseAlerts.ExecuteAsync(default),
            "roll-up timer" => () => service.RollUp.ExecuteAsync(default),
            "keys" => () => service.RotateKeys.ExecuteAsync(default),
            "purge timer" => () => service.Purge.ExecuteAsync(default),
            "retention timer" => () => service.PurgeOldLogs.ExecuteAsync(default),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
        };

        Task ChangePasswordAsync(string current) =>
            service.ChangePassword.ExecuteAsync(session, new(current), new(Next), Service.Client, default);
    }
}
