using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker.Runtime;

/// <summary>Calls a function's method through a delegate compiled for it, on an object made for the invocation.</summary>
internal abstract class FunctionExecutor(ObjectFactory? activator)
{
    /// <summary>The innermost step of the middleware pipeline.</summary>
    internal static Task ExecuteAsync(FunctionContext context)
    {
        var invocation = Invocation.Of(context);
        return invocation.Function.Executor.RunAsync(invocation);
    }

    /// <param name="method">The function's method.</param>
    /// <param name="invocation">Stands for the <see cref="Invocation"/>.</param>
    /// <param name="arguments">For each parameter of the method the value it gets.</param>
    internal static FunctionExecutor For(MethodInfo method, ParameterExpression invocation, IEnumerable<Expression> arguments)
    {
        var instance = Expression.Parameter(typeof(object));
        var call = AsTask(Expression.Call(
            method.IsStatic ? null : Expression.Convert(instance, method.DeclaringType!), method, arguments));
        var activator = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, Type.EmptyTypes);
        if (call.Type == typeof(Task))
        {
            return new WithoutResult(
                Expression.Lambda<Func<object?, Invocation, Task>>(call, instance, invocation).Compile(), activator);
        }

        var executor = typeof(WithResult<>).MakeGenericType(call.Type.GetGenericArguments());
        return (FunctionExecutor)Activator.CreateInstance(
            executor, Expression.Lambda(call, instance, invocation).Compile(), activator)!;
    }

    private protected abstract Task RunAsync(Invocation invocation);

    /// <summary>All return types become tasks; functions that wait for nothing or return ValueTask are the rare ones.</summary>
    private static Expression AsTask(Expression call)
    {
        var type = call.Type;
        if (type == typeof(void))
            return Expression.Block(typeof(Task), call, Expression.Constant(Task.CompletedTask));
        if (typeof(Task).IsAssignableFrom(type))
            return call;
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return definition == typeof(ValueTask) || definition == typeof(ValueTask<>)
            ? Expression.Call(call, nameof(ValueTask.AsTask), null)
            : Expression.Call(typeof(Task), nameof(Task.FromResult), [type], call);
    }

    private object? CreateInstance(Invocation invocation) => activator?.Invoke(invocation.InstanceServices, null);

    private static ValueTask DisposeAsync(object? instance)
    {
        if (instance is IAsyncDisposable asyncDisposable)
            return asyncDisposable.DisposeAsync();
        (instance as IDisposable)?.Dispose();
        return default;
    }

    private sealed class WithoutResult(Func<object?, Invocation, Task> method, ObjectFactory? activator)
        : FunctionExecutor(activator)
    {
        private protected override async Task RunAsync(Invocation invocation)
        {
            var instance = CreateInstance(invocation);
            try
            {
                await method(instance, invocation).ConfigureAwait(false);
            }
            finally
            {
                await DisposeAsync(instance).ConfigureAwait(false);
            }
        }
    }

    private sealed class WithResult<T>(Func<object?, Invocation, Task<T>> method, ObjectFactory? activator)
        : FunctionExecutor(activator)
    {
        private protected override async Task RunAsync(Invocation invocation)
        {
            var instance = CreateInstance(invocation);
            try
            {
                invocation.Result = await method(instance, invocation).ConfigureAwait(false);
            }
            finally
            {
                await DisposeAsync(instance).ConfigureAwait(false);
            }
        }
    }
}
