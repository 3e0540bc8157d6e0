namespace Faults.Tests.Proxy;

/// <summary>One call to storage of an operation: what it is, and which of its kind. Calls that an operation makes beside each
/// other have no order, so a plain number would not name them.</summary>
public readonly record struct CallSite(string Signature, int Occurrence)
{
    public override string ToString() => Occurrence == 1 ? Signature : $"{Signature} #{Occurrence}";
}
