using Serverless.Sessions.Sessions;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.AuditLog;

/// <summary>The mark that retention leaves where it removed the beginning of a session's history, so that what stays can be checked
/// all the same. It is written in the transaction that removes the entries.</summary>
/// <param name="SessionId">Whose history.</param>
/// <param name="Head">The last entry that was removed.</param>
/// <param name="Key">The key that the mark is sealed with.</param>
/// <param name="Seal">The code over the mark, its session and its user.</param>
public sealed record AuditCheckpoint(SessionId SessionId, AuditHead Head, KeyId Key, EntryMac Seal);
