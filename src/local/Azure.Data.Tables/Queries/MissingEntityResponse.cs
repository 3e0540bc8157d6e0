namespace Azure.Data.Tables;

/// <summary>The answer when there is no such entity.</summary>
internal sealed class MissingEntityResponse<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException(
        $"The response has no value: it ended with status {response.Status}. Check {nameof(HasValue)} first.");

    public override Response GetRawResponse() => response;
}
