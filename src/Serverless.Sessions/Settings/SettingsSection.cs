using Microsoft.Extensions.Configuration;

namespace Serverless.Sessions.Settings;

internal sealed class SettingsSection<TOptions>(string section, IConfiguration configuration)
    : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    private readonly IConfigurationSection _values = configuration.GetSection(section);
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
        List<string> sentences =
            [.. _settings.Select(setting => setting.Refuse(TextOf(setting), setting.Property.GetValue(options))).OfType<string>()];
        // While a value is wrong, combinations say nothing.
        if (sentences.Count == 0 && options is IValidatableObject together)
            sentences.AddRange(together.Validate(new(options)).Select(result => result.ErrorMessage!));
        return sentences.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(sentences);
    }

    private string? TextOf(Setting setting) => _values[setting.Property.Name];
}
