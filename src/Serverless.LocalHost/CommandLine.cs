using System.Globalization;

namespace Serverless.LocalHost;

/// <summary>The arguments, which are those of <c>func start</c>.</summary>
internal sealed record CommandLine(int? Port, bool Verbose)
{
    internal const string Usage = """
        Usage: Serverless.LocalHost start [--port N] [--no-build] [--verbose]

          Runs the built function app in the current folder.
          --port N     the port to listen on (Host.LocalHttpPort of local.settings.json, otherwise 7071)
          --no-build   accepted for compatibility with func; nothing is ever built
          --verbose    lists the functions and the next runs of the timers
        """;

    /// <returns>The arguments, or null for a request for help.</returns>
    /// <exception cref="HostFailure">They are not valid.</exception>
    internal static CommandLine? Parse(ReadOnlySpan<string> arguments)
    {
        if (arguments is ["--help" or "-h" or "help"] or ["start", "--help" or "-h"])
            return null;
        if (arguments is not ["start", .. var options])
            throw new HostFailure(Usage, exitCode: 2);

        int? port = null;
        var verbose = false;
        while (options.Length > 0)
        {
            var used = 1;
            switch (options)
            {
                case ["--port" or "-p", var text, ..]
                    when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536:
                    (port, used) = (number, 2);
                    break;
                case ["--no-build", ..]:
                    break;
                case ["--verbose", ..]:
                    verbose = true;
                    break;
                default:
                    throw new HostFailure(Usage, exitCode: 2);
            }

            options = options[used..];
        }

        return new(port, verbose);
    }
}
