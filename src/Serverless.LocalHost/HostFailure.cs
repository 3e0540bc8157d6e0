namespace Serverless.LocalHost;

/// <summary>Ends the host with a sentence for the developer, or without one where it has been printed already.</summary>
internal sealed class HostFailure(string? message, int exitCode = 1) : Exception(message)
{
    internal bool HasMessage { get; } = message is not null;

    internal int ExitCode { get; } = exitCode;
}
