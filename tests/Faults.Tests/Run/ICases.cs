namespace Faults.Tests.Run;

internal interface ICases
{
    Dictionary<Operation, IReadOnlyList<CallSite>> Calls { get; }

    IReadOnlyList<Case> Cases { get; }
}
