using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Sessions.Settings;

/// <summary>The one way in which settings get into options: read from their section and checked before the app starts.</summary>
public static class SettingsServices
{
    /// <summary>Adds the options of a section. A wrong value stops the start with a sentence that names the setting.</summary>
    /// <typeparam name="TOptions">Options whose properties have what they allow as attributes; combinations that contradict
    /// each other are told by <see cref="System.ComponentModel.DataAnnotations.IValidatableObject"/>.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="section">The section's name, with which the names of its settings begin.</param>
    public static IServiceCollection AddSettings<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddOptions<TOptions>().ValidateOnStart();
        services.AddSingleton(provider => new SettingsSection<TOptions>(section, provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<IConfigureOptions<TOptions>>(provider => provider.GetRequiredService<SettingsSection<TOptions>>());
        services.AddSingleton<IValidateOptions<TOptions>>(provider => provider.GetRequiredService<SettingsSection<TOptions>>());
        foreach (var setting in Setting.Of(typeof(TOptions), section))
            services.AddSingleton(setting);
        return services;
    }
}
