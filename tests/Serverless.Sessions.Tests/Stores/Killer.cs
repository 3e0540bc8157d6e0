namespace Serverless.Sessions.Tests;

/// <summary>Kills an operation right before or after one of its calls to storage.</summary>
internal sealed class Killer(int? at, Action<string>? before = null)
{
    private int _steps;

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

    public T Around<T>(T store)
        where T : class => Intercepted.Around(store, Before, _ => Step());

    private void Before(string call)
    {
        before?.Invoke(call);
        Step();
    }

    private void Step()
    {
        if (_steps++ == at)
            throw new Killed();
    }

    private sealed class Killed : Exception;
}
