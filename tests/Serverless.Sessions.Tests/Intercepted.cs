using System.Reflection;

namespace Serverless.Sessions.Tests;

/// <summary>A store with something before or behind its calls, that also heeds a caller who has hung up, as real storage does.</summary>
public class Intercepted : DispatchProxy
{
    private object _inner = null!;
    private Action<string> _before = null!;
    private Action<string> _after = null!;

    public static T Around<T>(T inner, Action<string>? before = null, Action<string>? after = null)
        where T : class
    {
        var proxy = Create<T, Intercepted>();
        var self = (Intercepted)(object)proxy;
        (self._inner, self._before, self._after) = (inner, before ?? (_ => { }), after ?? (_ => { }));
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        args!.OfType<CancellationToken>().LastOrDefault().ThrowIfCancellationRequested();
        _before(targetMethod!.Name);
        var result = targetMethod.Invoke(_inner, args);
        _after(targetMethod.Name);
        return result;
    }
}
