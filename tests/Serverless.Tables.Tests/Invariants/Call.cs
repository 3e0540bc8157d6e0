namespace Serverless.Tables.Tests.Invariants;

/// <summary>A request, as it is sent to an instance and as the model understands it; without a subject it is about all sessions.</summary>
internal sealed record Call(
    SessionId? Subject, Func<Service, Task<Reply>> Send, Func<SessionModel, DateTimeOffset, Outcome> Apply)
{
    public static Call Refresh(IssuedTokens tokens, string? attempt, TimeSpan idleFor = default) => Of(
        tokens.Refresh.SessionId,
        async service => await service.TryRefreshAsync(tokens.RefreshText, attempt, idleFor: idleFor) switch
        {
            RefreshSessionResult.Refreshed refreshed => new($"refreshed: {refreshed.Tokens.Refresh.Generation}", refreshed.Tokens),
            RefreshSessionResult.Ended over => new($"over: {over.Reason}"),
            RefreshSessionResult.Reused => new("reused"),
            var other => new(other.ToString()),
        },
        (session, now) => session.Refresh(tokens.Refresh, attempt is null ? null : AttemptHash.Of(attempt), idleFor, now));

    public static Call End(UserId user, SessionId id, EndReason reason) => Of(
        id,
        async service => await service.EndSession.ExecuteAsync(user, id, reason, Actor.Of(Service.Client), default) switch
        {
            EndSessionResult.AlreadyEnded over => new($"over: {over.Reason}"),
            EndSessionResult.NotFound => new($"over: {EndReason.Unknown}"),
            _ => new("ended"),
        },
        (session, now) => session.End(reason, now));

    public static Call StepUp(Session session, string password) =>
        StepUp(session, service => service.TryStepUpAsync(session, password));

    public static Call StepUp(Session session, SoftwareAuthenticator authenticator) => StepUp(session, async service =>
    {
        var ceremony = (await service.StartStepUp.ExecuteAsync(session, Service.Origin, default)).Passkey!;
        var credential = JsonSerializer.SerializeToElement(authenticator.Get(ceremony.Options));
        return await service.StepUp.ExecuteAsync(
            session, new PasskeyResponse(ceremony.State, credential, Service.Origin), Service.Client, default);
    });

    public static Call EndAll(Account account, SessionId? except) => new(
        null,
        async service =>
        {
            await service.EndAllSessions.ExecuteAsync(account.Id, account.Email, EndReason.LogoutAll, except, Actor.Of(Service.Client), default);
            return new("");
        },
        (session, now) => session.Id == except ? new(session) : session.End(EndReason.LogoutAll, now));

    public static Call ChangePassword(Session by, string current, string next) => new(
        null,
        async service => await service.ChangePassword.ExecuteAsync(by, new(current), new(next), Service.Client, default) switch
        {
            ChangePasswordResult.Changed => new(""),
            var other => new(other.ToString()),
        },
        (session, now) => session.Id == by.Id
            ? new(session, Entry: new(by.Id, "password_changed", null))
            : session.End(EndReason.PasswordChanged, now));

    public static Call GiveRoles(Account account, bool strict) => new(
        null,
        async service =>
        {
            string[] roles = strict ? [.. account.Roles, SessionModel.Strict] : [.. account.Roles];
            await service.PropagateRoles.ExecuteAsync(account.Id, account.Email, roles, Actor.Of(Service.Administrator));
            return new("");
        },
        (session, now) => session.GiveRoles(strict, now));

    public static Call Beat(UserId user, SessionId id) => Of(
        id,
        async service => new(await service.Heartbeat.ExecuteAsync(user, id, isActive: true, default) is { } reason ? $"over: {reason}" : "heard"),
        (session, now) => session.Beat(now));

    public static Call Purge() => new(
        null,
        async service => new((await service.Purge.ExecuteAsync(default)).Finished ? "" : "not finished"),
        (session, now) => session.Purge(now));

    private static Call StepUp(Session session, Func<Service, Task<StepUpResult>> stepUpAsync) => Of(
        session.Id,
        async service => await stepUpAsync(service) switch
        {
            StepUpResult.Proved => new("proved"),
            StepUpResult.Ended over => new($"over: {over.Reason}"),
            var other => new(other.ToString()),
        },
        (session, now) => session.StepUp(now));

    private static Call Of(
        SessionId id, Func<Service, Task<Reply>> send, Func<SessionModel, DateTimeOffset, Outcome> apply) =>
        new(id, send, (session, now) => session.Id == id ? apply(session, now) : new(session));
}

internal sealed record Reply(string Text, IssuedTokens? Tokens = null);
