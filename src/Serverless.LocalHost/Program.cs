if (args is [WorkerGuard.Command, .. var command])
    return await WorkerGuard.RunAsync(command);

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await RunAsync(CommandLine.Parse(args), stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (Exception e) when (e is HostFailure or InvalidDataException or RoutePatternException or JsonException)
{
    var exitCode = (e as HostFailure)?.ExitCode ?? 1;
    (exitCode == 0 ? Console.Out : Console.Error).Write(
        e.Message.Length == 0 ? "" : $"{e.Message} {e.InnerException?.Message}".TrimEnd() + "\n");
    return exitCode;
}

static async Task RunAsync(CommandLine arguments, CancellationToken stopping)
{
    var app = AppFolder.Read(Directory.GetCurrentDirectory(), arguments);
    await using var gateway = new WorkerGateway();
    await gateway.StartAsync();
    await using var workers = new WorkerLifecycle(app, gateway);
    await using var front = await HttpFront.StartAsync(app);

    var functions = await workers.StartAsync(stopping);
    var timers = functions.Where(f => f.TimerTrigger is not null).Select(TimerOf).OfType<TimerLoop>()
        .ToDictionary(t => t.Name, StringComparer.OrdinalIgnoreCase);
    front.Open(functions, workers, timers.GetValueOrDefault);
    Console.WriteLine($"Listening on http://localhost:{app.Port}/. Press Ctrl+C to stop.");
    foreach (var function in arguments.Verbose ? functions : [])
        Console.WriteLine($"  {function.Name}: {front.Describe(function)}");

    // Until the host is stopped, or the worker or a timer fails.
    var ended = await Task.WhenAny(
        [workers.KeepRunningAsync(stopping), .. timers.Values.Select(timer => timer.RunAsync(arguments.Verbose, stopping))]);
    if (ended.IsFaulted)
        await ended;
    front.RefuseAll();
    await workers.DrainAsync();

    TimerLoop? TimerOf(Function function)
    {
        try
        {
            return new(function, app, workers);
        }
        catch (HostFailure failure) when (arguments.KeepGoing)
        {
            Output.Log(LogLevel.Error, failure.Message);
            return null;
        }
    }
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
