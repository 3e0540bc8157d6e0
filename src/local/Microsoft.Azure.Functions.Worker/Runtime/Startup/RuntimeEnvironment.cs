using System.Reflection;

namespace Microsoft.Azure.Functions.Worker.Runtime.Startup;

/// <summary>What the runtime takes from the process around it; tests bring their own.</summary>
/// <param name="Types">The classes that may hold functions.</param>
/// <param name="Directory">Where host.json and local.settings.json lie.</param>
/// <param name="Output">Where the list of functions goes.</param>
/// <param name="OwnsProcess">Whether a failed start ends the process.</param>
internal sealed record RuntimeEnvironment(Func<IEnumerable<Type>> Types, string Directory, TextWriter Output, bool OwnsProcess)
{
    internal static RuntimeEnvironment OfThisProcess() => new(
        () => Assembly.GetEntryAssembly()?.GetExportedTypes() ?? [], AppContext.BaseDirectory, Console.Out, OwnsProcess: true);

    /// <summary>
    /// Shows why the app can't start in one sentence and ends the process, as func does: an unhandled exception would bury
    /// the sentence under a stack trace and leave a core dump.
    /// </summary>
    internal void Fail(StartupException failure)
    {
        if (!OwnsProcess)
            return;
        Console.Error.WriteLine(failure.Message);
        Environment.Exit(1);
    }
}
