using System.Diagnostics.CodeAnalysis;

namespace Serverless.Sessions.Push;

/// <summary>Something to tell a user on all devices but one. Its text is the key of an outbox message, and leads to what happened: without
/// that nothing is sent.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="User">Whom it concerns.</param>
/// <param name="Session">In which session; that isn't told. Null for a change from elsewhere.</param>
/// <param name="At">When; of a change, the time of its log entry.</param>
/// <param name="Id">Of a change, that of its log entry.</param>
public sealed record Alert(AlertKind Kind, UserId User, SessionId? Session, DateTimeOffset At, Guid Id)
{
    private const string None = "-";

    /// <summary>The only session to tell; null for all.</summary>
    public SessionId? Target { get; init; }

    internal static Alert? Of(UserId user, AccountChange change) => change.Action is { } action && AlertKind.Find(action.Name) is { } kind
        ? new(kind, user, change.Except, change.At, change.Id) : null;

    internal static Alert Of(AlertKind kind, Session session, DateTimeOffset at) =>
        new(kind, session.UserId, session.Id, at, Guid.NewGuid());

    public static bool TryParse(string text, [NotNullWhen(true)] out Alert? alert)
    {
        alert = null;
        if (text.Split('.') is not [var name, var user, var session, var ticks, var id, var target]
            || AlertKind.Find(name) is not { } kind || !UserId.TryParse(user, out var userId)
            || !TryReadSession(session, out var sessionId) || !TryReadSession(target, out var targetId)
            || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > DateTimeOffset.MaxValue.Ticks
            || !Guid.TryParseExact(id, "N", out var entryId))
        {
            return false;
        }

        alert = new(kind, userId, sessionId, new(at, TimeSpan.Zero), entryId) { Target = targetId };
        return true;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}.{User}.{Write(Session)}.{At.UtcTicks}.{Id:N}.{Write(Target)}");

    private static string Write(SessionId? session) => session?.ToString() ?? None;

    private static bool TryReadSession(string text, out SessionId? session)
    {
        session = SessionId.TryParse(text, out var id) ? id : null;
        return session is not null || text == None;
    }
}
