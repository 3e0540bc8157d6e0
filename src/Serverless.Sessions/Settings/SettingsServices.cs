using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Sessions.Settings;

public static class SettingsServices
{
    /// <summary>Adds the options of a section; a wrong value stops the start with a sentence that names the setting. Attributes
    /// validate a property, <see cref="System.ComponentModel.DataAnnotations.IValidatableObject"/> combinations.</summary>
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
