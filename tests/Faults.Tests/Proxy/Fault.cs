namespace Faults.Tests.Proxy;

public enum FaultClass
{
    Dropped, // The connection, before the call has effect.
    ReplyLost, // The call has effect.
    TimeoutBefore, // No reply and no effect.
    TimeoutAfter, // No reply, though the call has effect.
    Answer, // Storage refuses with a status of trouble.
    ReplyCut, // The call has effect, and the connection is reset in the middle of the reply.
    KilledBefore, // The process dies right before the call is sent.
    KilledAfter, // The process dies right after the call had effect.
}

/// <param name="Lasting">Whether it also meets the storage client's retries of the call, so that the operation fails.</param>
public sealed record Fault(FaultClass Class, bool Lasting = false, int Status = 0, int? RetryAfter = null)
{
    public static IReadOnlyList<Fault> Kills { get; } = [new(FaultClass.KilledBefore), new(FaultClass.KilledAfter)];

    /// <summary>All but the kills, each once and lasting. Lasting trouble asks for a pause that nobody would wait for.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        .. from @class in new[] { FaultClass.Dropped, FaultClass.ReplyLost, FaultClass.TimeoutBefore, FaultClass.TimeoutAfter, FaultClass.ReplyCut }
           from lasting in new[] { false, true }
           select new Fault(@class, lasting),
        .. from status in new[] { 429, 500, 503 }
           from says in new[] { false, true }
           from lasting in new[] { false, true }
           select new Fault(FaultClass.Answer, lasting, status, says ? lasting ? 30 : 1 : null),
    ];

    public bool HasEffect => Class is FaultClass.ReplyLost or FaultClass.TimeoutAfter or FaultClass.ReplyCut or FaultClass.KilledAfter;

    public override string ToString() =>
        Class + (Status > 0 ? $" {Status}" : "") + (RetryAfter is { } seconds ? $" Retry-After {seconds}" : "") + (Lasting ? ", lasting" : "");
}
