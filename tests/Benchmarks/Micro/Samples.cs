using Serverless.Sessions.Accounts;

namespace Benchmarks.Micro;

internal static class Samples
{
    public static RowVersion Version { get; } = new("W/\"datetime'2026-03-14T09%3A26%3A53.5897932Z'\"");

    public static ClientInfo Client { get; } =
        new("203.0.113.7", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux");

    public static Session Session(DateTimeOffset now)
    {
        var account = new Account(
            UserId.New(now),
            Email.TryParse("somebody@example.com", out var email) ? email : throw new InvalidOperationException(),
            new(""), ["reader"], AccountState.Active, Ulid.New(now), CreatedAt: now);
        return Serverless.Sessions.Sessions.Session.Start(account, Client, remember: true, now, new());
    }

    public static LogEntry Refreshed(Session session, DateTimeOffset now) =>
        new(LogAction.TokenRefresh, now) { SessionId = session.Id, Client = Client };
}
