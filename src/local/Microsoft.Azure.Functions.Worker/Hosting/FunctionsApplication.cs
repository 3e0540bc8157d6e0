using Microsoft.Azure.Functions.Worker.Runtime.Startup;

namespace Microsoft.Azure.Functions.Worker.Builder;

public class FunctionsApplication
{
    /// <summary>A builder with the app's settings loaded, those of local.settings.json included.</summary>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        var environment = RuntimeEnvironment.OfThisProcess();
        try
        {
            return new FunctionsApplicationBuilder(args, environment);
        }
        catch (StartupException failure)
        {
            environment.Fail(failure);
            throw;
        }
    }
}
