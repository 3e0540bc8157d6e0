namespace Serverless.Sessions.Sessions;

/// <summary>The version of a stored row, for optimistic concurrency: a write that carries it succeeds only while the row is
/// unchanged. Opaque outside its store (in Azure Table Storage it is the ETag).</summary>
public readonly record struct RowVersion(string Value)
{
    public override string ToString() => Value;
}
