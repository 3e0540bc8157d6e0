using System.Reflection;

namespace Serverless.Sessions.Tests;

/// <summary>A store with something before, after or instead of its calls; it heeds cancellation, as real storage does.</summary>
public class Intercepted : DispatchProxy
{
    private object _inner = null!;
    private Action<string> _before = null!;
    private Action<string> _after = null!;
    private Func<string, Func<Task>, Task?> _instead = null!;

    /// <param name="instead">Takes the call and what makes it; null leaves it to be made.</param>
    public static T Around<T>(
        T inner, Action<string>? before = null, Action<string>? after = null, Func<string, Func<Task>, Task?>? instead = null)
        where T : class
    {
        var proxy = Create<T, Intercepted>();
        var self = (Intercepted)(object)proxy;
        (self._inner, self._before, self._after) = (inner, before ?? (_ => { }), after ?? (_ => { }));
        self._instead = instead ?? ((_, _) => null);
        return proxy;
    }

    /// <summary>Intercepts the stores that a change of an account calls.</summary>
    public static Stores AroundAccounts(Stores stores, Action<string>? before = null, Action<string>? after = null) => stores with
    {
        Accounts = Around(stores.Accounts, before, after),
        Epochs = Around(stores.Epochs, before, after),
        Sessions = Around(stores.Sessions, before, after),
    };

    /// <summary>What is done at calls of one name alone.</summary>
    public static Action<string> At(string name, Action act) => call =>
    {
        if (call == name)
            act();
    };

    /// <summary>What others do before the first call of one name goes on.</summary>
    public static Action<string> Once(string name, Func<Task> act)
    {
        var calls = 0;
        return At(name, () =>
        {
            if (calls++ == 0)
                act().GetAwaiter().GetResult();
        });
    }

    public static Action<string> Away(string name, Func<bool>? when = null) => At(name, () =>
    {
        if (when is null || when())
            throw new StorageUnavailableException("gone");
    });

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        args!.OfType<CancellationToken>().LastOrDefault().ThrowIfCancellationRequested();
        _before(targetMethod!.Name);
        var result = _instead(targetMethod.Name, () => (Task)Send()!) ?? Send();
        _after(targetMethod.Name);
        return result;

        object? Send() => targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
    }
}
