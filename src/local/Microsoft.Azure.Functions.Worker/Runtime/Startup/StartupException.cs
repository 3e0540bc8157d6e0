namespace Microsoft.Azure.Functions.Worker.Runtime.Startup;

/// <summary>The app can't start as it is; the message is a sentence for its developer.</summary>
internal sealed class StartupException(string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException);
