using EndToEnd.Tests.Hosting;
using Serverless.Testing;

namespace EndToEnd.Tests.Settings;

public sealed class UnknownSettingTests
{
    [Fact]
    public async Task A_mistyped_name_is_warned_of_and_stops_nothing()
    {
        await using var azurite = await Azurite.StartAsync();
        await using var app = await AppProcess.StartAsync(port =>
            new Dictionary<string, string>(AppSettings.For(azurite.ConnectionString, port, graceSeconds: 30))
            {
                ["Sessions__GraceSecond"] = "60",
            });

        Assert.Single(app.Output.Split('\n'), line => line.Contains("[4004]", StringComparison.Ordinal));
        Assert.Contains(
            "The setting Sessions__GraceSecond is unknown and does nothing; the nearest that is known is Sessions__GraceSeconds",
            app.Output, StringComparison.Ordinal);
    }
}
