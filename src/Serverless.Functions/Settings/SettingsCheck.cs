using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Serverless.Functions.Settings;

/// <summary>Looks at all settings before anything starts.</summary>
internal static class SettingsCheck
{
    /// <summary>
    /// Whether the app can start with its settings; if not, there is a sentence for each that is wrong. The host would look as
    /// well, but would bury the sentences under stack traces.
    /// </summary>
    public static bool Passes(IServiceProvider services, TextWriter refusals)
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return true;
        }
        catch (OptionsValidationException one)
        {
            Tell([one], refusals);
        }
        catch (AggregateException several) when (several.InnerExceptions.All(each => each is OptionsValidationException))
        {
            Tell(several.InnerExceptions.Cast<OptionsValidationException>(), refusals);
        }

        return false;
    }

    private static void Tell(IEnumerable<OptionsValidationException> failures, TextWriter refusals)
    {
        foreach (var sentence in failures.SelectMany(failure => failure.Failures))
            refusals.WriteLine(sentence);
    }
}
