namespace Serverless.LocalHost.Tests;

[Collection(nameof(SharedHost))]
public sealed class LogTests(SharedHost shared)
{
    [Fact]
    public async Task Logs_are_filtered_by_host_json_and_have_their_level_and_event()
    {
        await shared.Host.Client.GetStringAsync("things/talk");
        await shared.Host.Client.GetStringAsync("things/whisper");
        await shared.Host.UntilPrintedAsync("A whispered error");

        const string time = @"^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\]";
        Assert.Single(shared.Host.Lines, l => Matches(l, time + @" \[2010\] A debugged line\.$"));
        Assert.Single(shared.Host.Lines, l => Matches(l, time + @" \[2011\] A told line\.$"));
        Assert.Single(shared.Host.Lines, l => Matches(l, time + @" Warning \[2012\] A warned line\. .*a reason"));
        Assert.Single(shared.Host.Lines, l => Matches(l, time + @" Error A whispered error \| of two lines\.$"));
        Assert.DoesNotContain(shared.Host.Lines, l => Matches(l, "traced|whispered warning|Executing|Executed 'Functions.Talk'"));
    }

    [Fact]
    public async Task A_failed_invocation_is_an_error_with_its_reason()
    {
        using var response = await shared.Host.Client.GetAsync("things/throws");
        await shared.Host.UntilAsync(() => shared.Host.Lines.Any(
            l => Matches(l, @"Error Executed 'Functions\.Throws' \(Failed, Id=.*Thrown by Throws\.")));
    }

    [Fact]
    public async Task Logs_outside_an_invocation_are_dropped_and_output_is_shown()
    {
        await shared.Host.Client.GetStringAsync("things/empty");
        Assert.Contains("A line of the worker's output.", shared.Host.Lines);
        Assert.DoesNotContain(shared.Host.Lines, l => Matches(l, "Logged outside"));
    }

    private static bool Matches(string line, string pattern) => Regex.IsMatch(line, pattern);
}
