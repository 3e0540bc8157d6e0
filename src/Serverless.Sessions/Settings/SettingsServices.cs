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

internal sealed class SettingsSection<TOptions>(string section, IConfiguration configuration)
    : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    private readonly IConfigurationSection _values =
        configuration.GetSection(section.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal));
    private readonly IReadOnlyList<Setting> _settings = Setting.Of(typeof(TOptions), section);

    /// <summary>Leaves what can't be read at its default; validation reports it, with all else that is wrong.</summary>
    public void Configure(TOptions options)
    {
        foreach (var setting in _settings)
        {
            if (TextOf(setting) is { } text && setting.TryRead(text, out var value))
                setting.Property.SetValue(options, value);
        }
    }

    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var sentences = _settings.Select(setting => setting.Refuse(TextOf(setting), setting.Property.GetValue(options)))
            .OfType<string>().ToList();
        // While a value is wrong, combinations say nothing.
        if (sentences.Count == 0 && options is IValidatableObject together)
            sentences.AddRange(together.Validate(new(options)).Select(result => result.ErrorMessage!));
        return sentences.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(sentences);
    }

    private string? TextOf(Setting setting) => _values[setting.Property.Name];
}
