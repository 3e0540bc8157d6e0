namespace Serverless.LocalHost;

/// <summary>Ends the host with sentences on standard error, which are empty where they have been printed already.</summary>
internal sealed class HostFailure(string sentences, int exitCode = 1) : Exception(sentences)
{
    internal int ExitCode { get; } = exitCode;
}
