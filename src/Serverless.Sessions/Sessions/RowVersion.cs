namespace Serverless.Sessions.Sessions;

/// <summary>
/// Which state of a stored row somebody saw. Opaque: only the store that gave it out can compare it (in Azure Table Storage
/// it is the ETag). A write that carries it succeeds only while the row is still in that state.
/// </summary>
public readonly record struct RowVersion(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
