namespace EndToEnd.Tests.Settings;

public sealed class UnknownSettingTests
{
    [Fact]
    public async Task A_mistyped_name_is_warned_of_and_stops_nothing()
    {
        await using var azurite = await Azurite.StartAsync();
        await using var app = await AppProcess.StartAsync(port =>
            AppSettings.For(azurite.ConnectionString, port, TimeSpan.FromSeconds(30), ("Sessions__Grase", "00:01:00")));
        Assert.Single(app.Output.Split('\n'), line => line.Contains("[4004]", StringComparison.Ordinal));
        Assert.Contains(
            "The setting Sessions__Grase is unknown and has no effect; the nearest known name is Sessions__Grace",
            app.Output, StringComparison.Ordinal);
    }
}
