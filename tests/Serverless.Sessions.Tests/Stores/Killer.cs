namespace Serverless.Sessions.Tests;

/// <summary>Kills an operation right before or after one of its calls to storage; what is dead stays dead.</summary>
internal sealed class Killer(int? at, Action<string>? before = null)
{
    private int _steps;

    /// <summary>Kills an operation at each of its steps in turn until it survives; returns how many it takes.</summary>
    public static async Task<int> AtEachStepAsync(Func<int, Task<bool>> isKilledAsync)
    {
        var at = 0;
        while (await isKilledAsync(at))
            at++;
        return at;
    }

    /// <returns>What it returns; null where it was killed.</returns>
    public static async Task<T?> RunAsync<T>(Func<Task<T>> operation)
        where T : class
    {
        try
        {
            return await operation();
        }
        catch (Killed)
        {
            return null;
        }
    }

    /// <summary>All stores but that of the keys, which are cached.</summary>
    public Stores Around(Stores stores) => new(
        Around(stores.Accounts), Around(stores.Emails), Around(stores.Epochs), Around(stores.Sessions), Around(stores.Log), Around(stores.Presence),
        Around(stores.Mailbox), Around(stores.Timeline), Around(stores.SuspiciousIps), Around(stores.SecurityEvents),
        Around(stores.Statistics), Around(stores.Retention), Around(stores.Outbox), Around(stores.Personal),
        Around(stores.Passkeys), stores.Keys)
    { Unreadable = stores.Unreadable };

    public T Around<T>(T store)
        where T : class => Intercepted.Around(store, Before, _ => Step());

    private void Before(string call)
    {
        before?.Invoke(call);
        Step();
    }

    private void Step()
    {
        if (Interlocked.Increment(ref _steps) > at)
            throw new Killed();
    }

    private sealed class Killed : Exception;
}
