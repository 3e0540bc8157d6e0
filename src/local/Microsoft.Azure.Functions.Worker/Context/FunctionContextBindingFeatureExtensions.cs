using Microsoft.Azure.Functions.Worker.Runtime;

namespace Microsoft.Azure.Functions.Worker;

public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>The result as it stands now; setting it replaces what the function returned.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context) =>
        new CurrentResult(Invocation.Of(context));

    /// <exception cref="InvalidOperationException">The result is not a <typeparamref name="T"/>.</exception>
    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context)
    {
        var invocation = Invocation.Of(context);
        return invocation.Result is T value
            ? new CurrentResult<T>(invocation, value)
            : throw new InvalidOperationException(
                $"Requested type({typeof(T)}) does not match the type of Invocation result({invocation.Result?.GetType()})");
    }

    private sealed class CurrentResult(Invocation invocation) : InvocationResult
    {
        private object? _value = invocation.Result;

        public override object? Value
        {
            get => _value;
            set => invocation.Result = _value = value;
        }
    }

    private sealed class CurrentResult<T>(Invocation invocation, T? current) : InvocationResult<T>
    {
        private T? _value = current;

        public override T? Value
        {
            get => _value;
            set => invocation.Result = _value = value;
        }
    }
}
