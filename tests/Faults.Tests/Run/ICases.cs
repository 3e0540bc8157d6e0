namespace Faults.Tests.Run;

/// <summary>Cases that were run, and the calls from which they were made.</summary>
internal interface ICases
{
    Dictionary<Operation, IReadOnlyList<CallSite>> Calls { get; }

    IReadOnlyList<Case> Cases { get; }
}
