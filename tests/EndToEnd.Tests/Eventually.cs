using System.Diagnostics;

namespace EndToEnd.Tests;

internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<T> FindAsync<T>(string what, Func<Task<T?>> find)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (await find() is { } found)
                return found;
            Assert.True(clock.Elapsed < Patience, $"Still not, after {Patience.TotalSeconds} s: {what}");
            await Task.Delay(50);
        }
    }

    public static Task TrueAsync(string what, Func<bool> condition) => TrueAsync(what, () => Task.FromResult(condition()));
    public static Task TrueAsync(string what, Func<Task<bool>> condition) => FindAsync(what, async () => await condition() ? what : null);
}
