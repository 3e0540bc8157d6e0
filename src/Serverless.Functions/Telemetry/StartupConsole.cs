using Microsoft.Extensions.Logging.Console;

namespace Serverless.Functions.Telemetry;

/// <summary>Prints what is logged during the start and in the background. The Functions host drops what a worker logs outside an
/// invocation, but logs the lines that it prints, in the category Host.Function.Console: a line with "warn" as a warning, one
/// with "fail" as an error.</summary>
internal static class StartupConsole
{
    public static ILoggingBuilder Print(this ILoggingBuilder logging, Type background) =>
        logging.AddFilter<ConsoleLoggerProvider>(background.FullName, LogLevel.Information);

    public static ILoggingBuilder AddStartupConsole(this ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(format => (format.SingleLine, format.ColorBehavior) = (true, LoggerColorBehavior.Disabled));
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter<ConsoleLoggerProvider>(null, LogLevel.None);
        Type[] inBackground =
        [
            typeof(WarmUp), typeof(SeedAccounts), typeof(WarnOfUnknownSettings), typeof(KeyRingSource), typeof(UnreadableRows),
            typeof(SendAtOnce), typeof(SendOutbox), typeof(SmtpSender), typeof(PushChannel),
            typeof(MailTemplates), typeof(LocationDatabase),
        ];
        foreach (var background in inBackground)
            logging.Print(background);
        // A background service that fails stops the app.
        return logging.AddFilter<ConsoleLoggerProvider>("Microsoft.Extensions.Hosting", LogLevel.Error);
    }
}
