namespace EndToEnd.Tests.Hosting;

/// <summary>
/// A test that needs an app started by this run: its administrator, settings and output, and addresses that nobody else comes from.
/// It is skipped for the one at SERVERLESS_BASE_URL.
/// </summary>
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
