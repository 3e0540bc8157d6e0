namespace Serverless.Tables.Sessions;

internal static class SessionKeys
{
    public static string Session(SessionId id) => $"s:{id}";

    public static bool TryReadSession(string rowKey, out SessionId id) =>
        SessionId.TryParse(rowKey.AsSpan(rowKey.IndexOf(':', StringComparison.Ordinal) + 1), out id) && rowKey == Session(id);

    public static string Presence(SessionId id) => $"p:{id}";
    public static bool IsPresence(string rowKey) => rowKey.StartsWith("p:", StringComparison.Ordinal);
    public static KeyRange Presences => KeyRange.WithPrefix("p:");

    /// <summary>The presence rows of a partition and its sessions, with no other kind of row between them.</summary>
    public static KeyRange PresenceAndSessions => new("p:", KeyRange.WithPrefix("s:").To);
}
