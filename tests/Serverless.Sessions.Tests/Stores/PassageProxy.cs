using System.Reflection;

namespace Serverless.Sessions.Tests;

internal interface IPassage
{
    Task<TResult> PassAsync<TResult>(Func<Task> call);
}

/// <summary>All calls go through a passage, but for those that read many rows.</summary>
public class PassageProxy : DispatchProxy
{
    private object _inner = null!;
    private IPassage _passage = null!;

    internal static T Around<T>(T inner, IPassage passage)
        where T : class
    {
        var proxy = Create<T, PassageProxy>();
        var self = (PassageProxy)(object)proxy;
        (self._inner, self._passage) = (inner, passage);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (!typeof(Task).IsAssignableFrom(targetMethod!.ReturnType))
            return targetMethod.Invoke(_inner, args);
        var result = targetMethod.ReturnType.GetGenericArguments() is [var told] ? told : typeof(bool);
        return typeof(IPassage).GetMethod(nameof(IPassage.PassAsync))!.MakeGenericMethod(result)
            .Invoke(_passage, [() => (Task)targetMethod.Invoke(_inner, args)!]);
    }
}
