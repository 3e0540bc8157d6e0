using System.Reflection;

namespace Serverless.Sessions.Tests;

/// <summary>A store with something before, after or instead of its calls; it heeds cancellation, as real storage does.</summary>
public class Intercepted : DispatchProxy
{
    private object _inner = null!;
    private Action<string> _before = null!;
    private Action<string> _after = null!;
    private Func<string, Task?> _instead = null!;

    public static T Around<T>(T inner, Action<string>? before = null, Action<string>? after = null, Func<string, Task?>? instead = null)
        where T : class
    {
        var proxy = Create<T, Intercepted>();
        var self = (Intercepted)(object)proxy;
        (self._inner, self._before, self._after, self._instead) = (inner, before ?? (_ => { }), after ?? (_ => { }), instead ?? (_ => null));
        return proxy;
    }

    /// <summary>What is done at calls of one name alone.</summary>
    public static Action<string> At(string name, Action act) => call =>
    {
        if (call == name)
            act();
    };

    public static Action<string> Away(string name, Func<bool>? when = null) => At(name, () =>
    {
        if (when is null || when())
            throw new StorageUnavailableException("gone");
    });

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        args!.OfType<CancellationToken>().LastOrDefault().ThrowIfCancellationRequested();
        _before(targetMethod!.Name);
        var result = _instead(targetMethod.Name) ?? targetMethod.Invoke(_inner, args);
        _after(targetMethod.Name);
        return result;
    }
}
