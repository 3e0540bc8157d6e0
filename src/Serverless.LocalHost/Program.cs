using System.Runtime.InteropServices;
using Serverless.LocalHost;
using Serverless.LocalHost.Functions;
using Serverless.LocalHost.Http;
using Serverless.LocalHost.Logs;
using Serverless.LocalHost.Settings;
using Serverless.LocalHost.Timers;
using Serverless.LocalHost.Workers;

if (args is [Supervisor.Command, ..])
    return await Supervisor.RunAsync(args.AsMemory(1));

using var stopping = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    if (CommandLine.Parse(args) is { } arguments)
        await RunAsync(arguments);
    else
        Output.Line(CommandLine.Usage);
    return 0;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    return 0;
}
catch (HostFailure failure)
{
    if (failure.HasMessage)
        Output.Error(failure.Message);
    return failure.ExitCode;
}

async Task RunAsync(CommandLine arguments)
{
    var app = AppFolder.Read(Directory.GetCurrentDirectory(), arguments);
    await using var gateway = await WorkerGateway.StartAsync();
    await using var front = await HttpFront.StartAsync(app);
    using var workers = new WorkerLifecycle(app, gateway);
    try
    {
        var functions = await workers.StartAsync(stopping.Token);
        using var timers = new TimerHost(functions, app, workers, arguments.Verbose, stopping.Token);
        front.Open(functions, workers, timers);
        Output.Line($"Listening on http://localhost:{app.Port}/. Press Ctrl+C to stop.");
        if (arguments.Verbose)
            List(functions, front);
        timers.Start();
        _ = workers.EnforceTimeoutAsync(stopping.Token);
        await workers.KeepRunningAsync(stopping.Token);
        front.Refuse();
        await workers.DrainAsync();
        await front.StopAsync();
    }
    finally
    {
        await workers.StopAsync();
    }
}

static void List(IEnumerable<Function> functions, HttpFront front)
{
    foreach (var function in functions)
    {
        Output.Line(function.Trigger is HttpTrigger { Methods: var methods } trigger
            ? $"  {function.Name}: [{(methods.Length > 0 ? string.Join(',', methods) : "any method")}] {front.UrlOf(trigger)}"
            : $"  {function.Name}: {function.Trigger.GetType().Name}");
    }
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopping.Cancel();
}
