namespace Microsoft.Azure.Functions.Worker;

public enum BindingDirection
{
    In,
    Out,
}

public abstract class BindingMetadata
{
    public abstract string Name { get; }

    /// <summary>The host's name of the kind: <c>httpTrigger</c>, <c>timerTrigger</c>, <c>http</c>.</summary>
    public abstract string Type { get; }

    public abstract BindingDirection Direction { get; }
}
