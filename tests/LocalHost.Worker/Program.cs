using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

if (Environment.GetEnvironmentVariable("EXIT_BEFORE_START") is { } code)
{
    Console.Error.WriteLine("The last words of the worker.");
    return int.Parse(code, System.Globalization.CultureInfo.InvariantCulture);
}

if (Environment.GetEnvironmentVariable("MISCONFIGURED") is not null)
{
    Console.Error.WriteLine("Configuration error: Colour must be red or blue, but is 'green'.");
    Console.Error.WriteLine("Configuration error: Size must be set, but is not.");
}

var builder = FunctionsApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Trace);
var app = builder.Build();
app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() =>
{
    Console.WriteLine("A line of the worker's output.");
    app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Start").LogError("Logged outside an invocation.");
});
app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => Console.WriteLine("The worker was told to end."));
app.Run();
return 0;
