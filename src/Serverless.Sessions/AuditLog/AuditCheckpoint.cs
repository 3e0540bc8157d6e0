using Serverless.Sessions.Sessions;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.AuditLog;

/// <summary>What retention leaves in place of the oldest entries of a session, so that the rest can still be verified. Written in
/// the transaction that removes those entries.</summary>
/// <param name="Head">The last entry that was removed.</param>
/// <param name="Seal">The MAC over the checkpoint, its session and its user.</param>
public sealed record AuditCheckpoint(SessionId SessionId, AuditHead Head, KeyId Key, EntryMac Seal);
