namespace EndToEnd.Tests.Hosting;

/// <summary>Needs an app started by this run, with its settings and output; skipped where SERVERLESS_BASE_URL names another.</summary>
public sealed class OwnAppFactAttribute : FactAttribute
{
    internal const string Reason = "Needs an app that the tests start themselves, and SERVERLESS_BASE_URL names another.";

    public OwnAppFactAttribute() => Skip = App.IsOwn ? null : Reason;
}

/// <inheritdoc cref="OwnAppFactAttribute"/>
public sealed class OwnAppTheoryAttribute : TheoryAttribute
{
    public OwnAppTheoryAttribute() => Skip = App.IsOwn ? null : OwnAppFactAttribute.Reason;
}
