namespace Faults.Tests.Run;

public sealed record Case(Operation Operation, CallSite Site, Fault? Fault)
{
    /// <summary>The signatures of all calls of the operation; null while they are being found out.</summary>
    public IReadOnlyCollection<string>? Signatures { get; init; }

    /// <summary>Whether the call may belong to the attempt to send a mail, which follows the answer.</summary>
    public bool IsBehind { get; init; }

    public Scene Scene { get; set; } = null!;

    public IReadOnlyList<CallSite> Calls { get; set; } = [];
    public bool Missed { get; set; }
    public string? Violation { get; set; }

    public override string ToString() => Fault is null ? $"{Operation}: without a fault" : $"{Operation}: {Site}: {Fault}";
}
