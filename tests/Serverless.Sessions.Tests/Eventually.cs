namespace Serverless.Sessions.Tests;

internal static class Eventually
{
    private const int MostLooks = 10_000;

    public static async Task HoldsAsync(Func<bool> condition)
    {
        for (var looks = 0; !condition(); looks++)
        {
            Assert.True(looks < MostLooks, "It doesn't come to hold.");
            await Task.Delay(1);
        }
    }
}
