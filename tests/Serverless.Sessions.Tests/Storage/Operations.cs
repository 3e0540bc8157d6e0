namespace Serverless.Sessions.Tests.Storage;

internal static class Operations
{
    private const string Next = "another horse battery staple";

    public static IReadOnlyList<string> Names { get; } =
    [
        "login", "failed login", "refresh", "logout", "logout everywhere", "password change", "wrong password", "roles", "disabling",
        "new account", "message", "marking as read", "heartbeat", "keys", "purge timer", "flagging timer", "alerts timer", "roll-up timer", "retention timer",
    ];

    /// <returns>Runs the prepared operation.</returns>
    public static async Task<Func<Task>> PrepareAsync(Service service, string operation)
    {
        var account = await service.CreateAccountAsync();
        var (email, login) = (account.Email, await service.LoginAsync(account.Email));
        var session = login.Session;
        var administrator = await service.NewAdministratorAsync();
        switch (operation)
        {
            case "login":
                return () => service.LoginAsync(email);
            case "failed login":
                return () => service.TryLoginAsync(email, "wrong password");
            case "refresh":
                return () => service.TryRefreshAsync(login.Tokens.RefreshText);
            case "logout":
                return () => service.LogoutAsync(session);
            case "logout everywhere":
                return () => service.EndAllSessions.ExecuteAsync(session.UserId, email, EndReason.LogoutAll, null, Actor.Of(Service.Client), default);
            case "password change":
                return () => ChangePasswordAsync(Service.Password);
            case "wrong password":
                return () => ChangePasswordAsync("wrong password");
            case "roles":
                return () => service.ChangeAccount.ExecuteAsync(administrator, session.UserId, null, ["writer"], default);
            case "disabling":
                return () => service.ChangeAccount.ExecuteAsync(administrator, session.UserId, AccountState.Disabled, null, default);
            case "new account":
                return () => service.CreateAccount.ExecuteAsync(Service.NewEmail(), new(Next), [], null, default);
            case "message":
                return () => service.SendMessage.ExecuteAsync(session.UserId, administrator.UserId, "hello", "the key of hello", default);
            case "marking as read":
                await service.SendMessage.ExecuteAsync(administrator.UserId, session.UserId, "hello", "the key of hello", default);
                return () => service.MarkMessagesRead.ExecuteAsync(session.UserId, administrator.UserId, 1, default);
            case "heartbeat":
                return () => service.Heartbeat.ExecuteAsync(session.UserId, session.Id, default);
            case "flagging timer":
                return () => service.Flag.ExecuteAsync(default);
            case "alerts timer":
                return () => service.RaiseAlerts.ExecuteAsync(default);
            case "roll-up timer":
                service.Clock.Advance(TimeSpan.FromHours(2));
                return () => service.RollUp.ExecuteAsync(default);
            case "keys":
                service.Clock.Advance(TimeSpan.FromDays(200));
                return () => service.RotateKeys.ExecuteAsync(default);
            case "purge timer":
                service.Clock.Advance(TimeSpan.FromDays(1));
                return () => service.Purge.ExecuteAsync(default);
            case "retention timer":
                service.Clock.Advance(TimeSpan.FromDays(120));
                await service.RollUp.ExecuteAsync(default);
                return () => service.PurgeOldLogs.ExecuteAsync(default);
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, null);
        }

        Task ChangePasswordAsync(string current) =>
            service.ChangePassword.ExecuteAsync(session, new(current), new(Next), Service.Client, default);
    }
}
