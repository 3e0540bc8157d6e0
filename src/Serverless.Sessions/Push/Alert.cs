using System.Diagnostics.CodeAnalysis;

namespace Serverless.Sessions.Push;

/// <summary>Something to tell a user on all devices but one. Its text is the key of an outbox message, and leads to the log entry of what
/// happened: without that nothing is sent, so what is tried several times is told once.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="User">Whom it concerns.</param>
/// <param name="Session">In which session; that isn't told. Null for a change from elsewhere, and a login that was refused.</param>
/// <param name="At">The time of the log entry.</param>
/// <param name="Id">That of the log entry.</param>
public sealed record Alert(AlertKind Kind, UserId User, SessionId? Session, DateTimeOffset At, Guid Id)
{
    private const string None = "-";

    /// <summary>All that it is about, of which the kind is the most telling.</summary>
    public AlertTopics Topics { get; init; } = Kind.Topics;

    /// <summary>The only session to tell; null for all.</summary>
    public SessionId? Target { get; init; }

    // A change that ends the other sessions leaves nobody to tell later.
    internal static Alert? Of(UserId user, AccountChange change) =>
        change.Action is { } action && AlertKind.Find(action.Name) is { Ends: null } kind
            ? new(kind, user, change.Except, change.At, change.Id) : null;

    internal static Alert Of(AlertKind kind, UserId user, LogEntry entry) => new(kind, user, entry.SessionId, entry.At, entry.Id);

    public static bool TryParse(string text, [NotNullWhen(true)] out Alert? alert)
    {
        alert = null;
        if (text.Split('.') is not [var name, var user, var session, var ticks, var id, var topics, var target]
            || AlertKind.Find(name) is not { } kind || !UserId.TryParse(user, out var userId)
            || !TryReadSession(session, out var sessionId) || !TryReadSession(target, out var targetId)
            || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > DateTimeOffset.MaxValue.Ticks
            || !Guid.TryParseExact(id, "N", out var entryId)
            || !int.TryParse(topics, NumberStyles.None, CultureInfo.InvariantCulture, out var flags))
        {
            return false;
        }

        alert = new(kind, userId, sessionId, new(at, TimeSpan.Zero), entryId) { Topics = (AlertTopics)flags, Target = targetId };
        return true;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}.{User}.{Write(Session)}.{At.UtcTicks}.{Id:N}.{(int)Topics}.{Write(Target)}");

    private static string Write(SessionId? session) => session?.ToString() ?? None;

    private static bool TryReadSession(string text, out SessionId? session)
    {
        session = SessionId.TryParse(text, out var id) ? id : null;
        return session is not null || text == None;
    }
}
