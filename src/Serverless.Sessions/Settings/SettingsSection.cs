using Microsoft.Extensions.Configuration;

namespace Serverless.Sessions.Settings;

/// <summary>Fills options from their section, and tells in sentences what is wrong there.</summary>
internal sealed class SettingsSection<TOptions>(string section, IConfiguration configuration)
    : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    private readonly IConfigurationSection _values = configuration.GetSection(section);
    private readonly IReadOnlyList<Setting> _settings = Setting.Of(typeof(TOptions), section);

    /// <summary>Sets what is set. What can't be read keeps its default here, and is told by the validation, with all else that
    /// is wrong.</summary>
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
        // With a wrong value among them, whether values go together says nothing.
        if (sentences.Count == 0 && options is IValidatableObject together)
            sentences.AddRange(together.Validate(new(options)).Select(result => result.ErrorMessage!));
        return sentences.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(sentences);
    }

    private string? TextOf(Setting setting) => _values[setting.Property.Name];
}
