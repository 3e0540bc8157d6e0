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

/// <summary>As <see cref="OwnAppFactAttribute"/>, and needs an app without Redis; skipped where SERVERLESS_REDIS names one.</summary>
public sealed class NoRedisFactAttribute : FactAttribute
{
    public NoRedisFactAttribute() => Skip = !App.IsOwn ? OwnAppFactAttribute.Reason
        : AppSettings.Redis is null ? null : "Needs an app without Redis, and SERVERLESS_REDIS names one.";
}
