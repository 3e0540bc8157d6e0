namespace Faults.Tests.Proxy;

/// <summary>A call to storage by kind and occurrence: parallel calls have no order that could number them.</summary>
public readonly record struct CallSite(string Signature, int Occurrence)
{
    public override string ToString() => Occurrence == 1 ? Signature : $"{Signature} #{Occurrence}";
}
