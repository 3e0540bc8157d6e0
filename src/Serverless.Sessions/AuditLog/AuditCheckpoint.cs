namespace Serverless.Sessions.AuditLog;

/// <summary>Replaces the oldest entries of a session, in the transaction that removes them; the rest stays verifiable.</summary>
/// <param name="Head">The last entry that was removed.</param>
/// <param name="Seal">The MAC over the checkpoint, its session and its user.</param>
public sealed record AuditCheckpoint(SessionId SessionId, AuditHead Head, KeyId Key, EntryMac Seal);
