using System.Globalization;

namespace Microsoft.Azure.Functions.Worker.Runtime.Startup;

/// <summary>The settings of the host itself, from its files, arguments and environment.</summary>
internal sealed record RuntimeSettings(HostJson Host, LocalSettings Local, string[] Arguments)
{
    private const int DefaultPort = 7071;
    private const long DefaultMaxBodySize = 100 * 1024 * 1024;

    /// <summary>Which port was asked for by <c>--port</c>, which beats everything else.</summary>
    internal int? PortArgument
    {
        get
        {
            for (var i = 0; i < Arguments.Length; i++)
            {
                var value = Arguments[i] is "--port" or "-p"
                    ? i + 1 < Arguments.Length ? Arguments[i + 1] : ""
                    : Arguments[i].StartsWith("--port=", StringComparison.Ordinal) ? Arguments[i]["--port=".Length..] : null;
                if (value is not null)
                    return ParsePort(value);
            }

            return null;
        }
    }

    internal int Port => PortArgument ?? Local.Port ?? DefaultPort;

    /// <summary>The addresses ASP.NET Core's own variable asks for; it yields to <c>--port</c>.</summary>
    internal IReadOnlyList<string> Urls => PortArgument is null
        ? Environment.GetEnvironmentVariable("ASPNETCORE_URLS")?.Split(';', JsonFiles.ListItems) ?? []
        : [];

    /// <summary>In bytes; the host's own limit and the variable that changes it.</summary>
    internal static long MaxBodySize =>
        long.TryParse(
            Environment.GetEnvironmentVariable("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"), CultureInfo.InvariantCulture, out var limit)
            ? limit
            : DefaultMaxBodySize;

    private static int ParsePort(string value) =>
        ushort.TryParse(value, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new StartupException($"--port must be a number from 0 to 65535, not '{value}'.");
}
