using System.Diagnostics;

namespace Local.Functions.Tests;

internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Waits until it is so; fails when that takes far longer than it should.</summary>
    internal static async Task TrueAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Patience, "What should have happened by now hasn't.");
            await Task.Delay(10);
        }
    }
}
