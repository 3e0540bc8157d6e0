namespace Serverless.LocalHost;

/// <summary>The arguments, as for <c>func start</c>.</summary>
internal sealed record CommandLine(int? Port = null, bool Verbose = false, bool KeepGoing = false)
{
    internal const string Usage = """
        Usage: Serverless.LocalHost start [--port N] [--no-build] [--verbose] [--keep-going]

          Runs the built function app in the current folder.
          --port N     the port to listen on (Host.LocalHttpPort of local.settings.json, otherwise 7071)
          --no-build   accepted for compatibility with func; nothing is ever built
          --verbose    lists the functions and the next runs of the timers
          --keep-going serves a worker that reports a configuration error, as Azure does, instead of ending with it
        """;

    /// <exception cref="HostFailure">Help was requested, or the arguments are not valid.</exception>
    internal static CommandLine Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        ["--help" or "-h" or "help"] or ["start", "--help" or "-h"] => throw new HostFailure(Usage, exitCode: 0),
        ["start"] => new(),
        ["start", .. var rest, "--no-build"] => Parse(["start", .. rest]),
        ["start", .. var rest, "--verbose"] => Parse(["start", .. rest]) with { Verbose = true },
        ["start", .. var rest, "--keep-going"] => Parse(["start", .. rest]) with { KeepGoing = true },
        ["start", .. var rest, "--port" or "-p", var text] when ushort.TryParse(text, out var port) && port > 0 =>
            Parse(["start", .. rest]) with { Port = port },
        _ => throw new HostFailure(Usage, exitCode: 2),
    };
}
