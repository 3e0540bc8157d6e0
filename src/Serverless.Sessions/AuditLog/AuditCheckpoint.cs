namespace Serverless.Sessions.AuditLog;

/// <summary>Replaces a session's entries up to <c>Head</c> when they are removed; the rest stays verifiable.</summary>
public sealed record AuditCheckpoint(SessionId SessionId, AuditHead Head, KeyId Key, EntryMac Seal);
