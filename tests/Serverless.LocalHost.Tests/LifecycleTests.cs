using System.Diagnostics;

namespace Serverless.LocalHost.Tests;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Calls_of_a_worker_that_dies_are_503_at_once_and_the_next_worker_answers()
    {
        await using var host = await HostProcess.StartAsync();
        var before = (await Echo.OfAsync(host.Client)).ProcessId;
        var waiting = host.Client.GetAsync("things/slow/1900");
        await host.UntilPrintedAsync("Slow began.");

        using var exit = await host.Client.PostAsync("things/exit/3", null);
        using var waited = await waiting;
        using var meanwhile = await host.Client.GetAsync("things/empty");

        Assert.All([exit, waited, meanwhile], response =>
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        });
        await host.UntilAnswersAsync();
        Assert.NotEqual(before, (await Echo.OfAsync(host.Client)).ProcessId);
        Assert.Contains("The worker exits.", host.Errors);
        Assert.Contains(host.Lines, l => l.EndsWith("The worker ended with exit code 3. The next starts in 0.25 s.", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Run", "nightly")]
    public async Task A_function_over_its_time_limit_is_500_and_another_worker_takes_over()
    {
        await using var host = await HostProcess.StartAsync();
        var before = (await Echo.OfAsync(host.Client)).ProcessId;
        using var response = await host.Client.GetAsync("things/slow/20000");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        await host.UntilPrintedAsync("(TimedOut, ");
        await host.UntilAnswersAsync();
        Assert.NotEqual(before, (await Echo.OfAsync(host.Client)).ProcessId);
        await host.UntilAsync(() => !IsAlive(before));
    }

    [Fact]
    public async Task A_worker_whose_supervisor_was_killed_gets_no_more_calls()
    {
        await using var host = await HostProcess.StartAsync();
        var before = (await Echo.OfAsync(host.Client)).ProcessId;
        using (var supervisor = Process.GetProcessById(ParentOf(before)))
            supervisor.Kill();
        await host.UntilPrintedAsync("The next starts in");
        await host.UntilAnswersAsync();
        Assert.NotEqual(before, (await Echo.OfAsync(host.Client)).ProcessId);
        await host.UntilAsync(() => !IsAlive(before));
    }

    [Fact]
    public async Task A_client_that_goes_away_cancels_its_invocation()
    {
        await using var host = await HostProcess.StartAsync();
        using var leaving = new CancellationTokenSource();
        var call = host.Client.GetAsync("things/slow/1900", leaving.Token);
        await host.UntilPrintedAsync("Slow began.");
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await host.UntilPrintedAsync("Slow was canceled.");
        await host.UntilAnswersAsync();
        Assert.DoesNotContain(host.Lines, l => l.Contains("Executed 'Functions.Slow'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_lets_running_calls_end_and_refuses_new_ones(string signal)
    {
        await using var host = await HostProcess.StartAsync();
        var worker = (await Echo.OfAsync(host.Client)).ProcessId;
        // The host waits 2 s for it; a busy machine takes long to ask meanwhile.
        var running = host.Client.GetAsync("things/slow/1900");
        await host.UntilPrintedAsync("Slow began.");
        var clock = Stopwatch.StartNew();

        host.Signal(signal);
        await host.UntilAsync(() => host.Client.GetAsync("things/empty").GetAwaiter().GetResult().StatusCode == HttpStatusCode.ServiceUnavailable);
        using var answer = await running;

        Assert.Equal("slow", await answer.Content.ReadAsStringAsync());
        Assert.Equal(0, await host.ExitCodeAsync());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await host.UntilPrintedAsync("The worker was told to end.");
        Assert.False(IsAlive(worker));
    }

    [Fact]
    public async Task A_call_that_a_signal_cuts_short_is_503()
    {
        await using var host = await HostProcess.StartAsync();
        var running = host.Client.GetAsync("things/slow/4500");
        await host.UntilPrintedAsync("Slow began.");
        host.Signal("TERM");
        using var answer = await running;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(0, await host.ExitCodeAsync());
    }

    [Fact]
    public async Task A_host_that_is_killed_leaves_no_worker_behind()
    {
        await using var host = await HostProcess.StartAsync();
        var worker = (await Echo.OfAsync(host.Client)).ProcessId;
        host.Signal("KILL");
        await host.UntilAsync(() => !IsAlive(worker));
    }

    [Theory]
    [InlineData(
        "EXIT_BEFORE_START", 7, "The last words of the worker.", "The worker ended with exit code 7 before it was ready.")]
    [InlineData(
        "MISCONFIGURED", 1,
        "Configuration error: Colour must be red or blue, but is 'green'.", "Configuration error: Size must be set, but is not.")]
    public async Task A_worker_that_can_not_start_ends_the_host_with_its_code_and_sentences(
        string how, int code, params string[] sentences)
    {
        string[] arguments = ["start", "--port", $"{FreePort.Next()}"];
        var (exitCode, _, errors) = await HostProcess.RunAsync(arguments, environment: (how, $"{code}"));
        Assert.Equal(code, exitCode);
        Assert.Equal(sentences, errors);
    }

    private static int ParentOf(int processId) => int.Parse(
        File.ReadAllText($"/proc/{processId}/stat").Split(") ")[1].Split(' ')[1], CultureInfo.InvariantCulture);

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
