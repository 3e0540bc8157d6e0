namespace Serverless.LocalHost;

/// <summary>Ends the host with a message on standard error, empty if it was already printed.</summary>
internal sealed class HostFailure(string sentences, int exitCode = 1) : Exception(sentences)
{
    internal int ExitCode { get; } = exitCode;
}
