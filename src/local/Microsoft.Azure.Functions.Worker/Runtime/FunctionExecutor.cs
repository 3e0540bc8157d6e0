using System.Reflection;

namespace Microsoft.Azure.Functions.Worker.Runtime;

/// <summary>Calls a function's method on an object made for the invocation. Nothing is compiled for it, which keeps a start short.</summary>
/// <param name="method">The function's method.</param>
/// <param name="arguments">For each parameter of the method where it gets its value from.</param>
internal sealed class FunctionExecutor(MethodInfo method, Func<Invocation, object?>[] arguments)
{
    private readonly FunctionActivator? _activator = method.IsStatic ? null : new(method.DeclaringType!);
    private readonly MethodInvoker _method = MethodInvoker.Create(method);
    private readonly Func<object?, ValueTask<object?>> _finish = FinishOf(method.ReturnType);

    /// <summary>The innermost step of the middleware pipeline.</summary>
    internal static Task ExecuteAsync(FunctionContext context)
    {
        var invocation = Invocation.Of(context);
        return invocation.Function.Executor.RunAsync(invocation);
    }

    private async Task RunAsync(Invocation invocation)
    {
        var instance = _activator?.Create(invocation.InstanceServices);
        try
        {
            var values = new object?[arguments.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = arguments[i](invocation);
            invocation.Result = await _finish(_method.Invoke(instance, values.AsSpan())).ConfigureAwait(false);
        }
        finally
        {
            await DisposeAsync(instance).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for what a method of that return type gave, and takes the result out of it.</summary>
    private static Func<object?, ValueTask<object?>> FinishOf(Type type)
    {
        if (type == typeof(ValueTask))
            return static value => FinishAsync(((ValueTask)value!).AsTask());
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (definition == typeof(ValueTask<>))
            return Generic(nameof(FinishValueTaskAsync), type);
        if (definition == typeof(Task<>))
            return Generic(nameof(FinishTaskAsync), type);
        return typeof(Task).IsAssignableFrom(type)
            ? static value => FinishAsync((Task)value!)
            : static value => ValueTask.FromResult(value);

        static Func<object?, ValueTask<object?>> Generic(string name, Type type) =>
            typeof(FunctionExecutor).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Func<object?, ValueTask<object?>>>();
    }

    private static async ValueTask<object?> FinishAsync(Task task)
    {
        await task.ConfigureAwait(false);
        return null;
    }

    private static async ValueTask<object?> FinishTaskAsync<T>(object? task) => await ((Task<T>)task!).ConfigureAwait(false);

    private static async ValueTask<object?> FinishValueTaskAsync<T>(object? task) => await ((ValueTask<T>)task!).ConfigureAwait(false);

    private static ValueTask DisposeAsync(object? instance)
    {
        if (instance is IAsyncDisposable asyncDisposable)
            return asyncDisposable.DisposeAsync();
        (instance as IDisposable)?.Dispose();
        return default;
    }
}
