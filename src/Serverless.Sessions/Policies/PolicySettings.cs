using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Sessions.Policies;

/// <summary>The roles that have a policy; a setting is <c>Policies__{role}__IdleLifetime</c>.</summary>
public sealed class PolicyOptions
{
    public IReadOnlyDictionary<string, RolePolicy> Roles { get; set; } = new Dictionary<string, RolePolicy>();
}

public static class PolicySettings
{
    private const string Section = "Policies";

    public static IServiceCollection AddPolicies(this IServiceCollection services)
    {
        services.AddOptions<PolicyOptions>().ValidateOnStart();
        services.AddSingleton<PolicySection>();
        services.AddSingleton<IConfigureOptions<PolicyOptions>>(provider => provider.GetRequiredService<PolicySection>());
        services.AddSingleton<IValidateOptions<PolicyOptions>>(provider => provider.GetRequiredService<PolicySection>());
        foreach (var setting in Setting.Of(typeof(RolePolicy), SectionOf(Setting.AnyRole)))
            services.AddSingleton(setting);
        return services.AddSingleton<SessionPolicies>();
    }

    /// <summary>The names of all that is set, right or wrong.</summary>
    public static IEnumerable<string> NamesIn(IConfiguration configuration) => RolesIn(configuration).SelectMany(NamesOf);

    internal static IEnumerable<IConfigurationSection> RolesIn(IConfiguration configuration) =>
        configuration.GetSection(Section).GetChildren();

    internal static IEnumerable<string> NamesOf(IConfigurationSection role) =>
        from value in role.AsEnumerable()
        where value.Value is not null
        select value.Key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal);

    internal static string SectionOf(string role) => $"{Section}__{role}";
}

/// <summary>Reads the policies; wrong ones stop the start, as other settings do.</summary>
internal sealed class PolicySection(
    IConfiguration configuration, SettingsSection<SessionOptions> sessionSettings, SettingsSection<TokenOptions> tokenSettings)
    : IConfigureOptions<PolicyOptions>, IValidateOptions<PolicyOptions>
{
    private static readonly string[] Items = [.. Setting.Of(typeof(RolePolicy), "").Select(setting => setting.Name)];

    public void Configure(PolicyOptions options) => options.Roles = PolicySettings.RolesIn(configuration)
        .Where(role => Roles.AreValid([RoleOf(role)])).ToDictionary(RoleOf, role => Read(SettingsOf(role)));

    public ValidateOptionsResult Validate(string? name, PolicyOptions options)
    {
        var sentences = PolicySettings.RolesIn(configuration).SelectMany(Refuse).ToList();
        return sentences.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(sentences);
    }

    private IEnumerable<string> Refuse(IConfigurationSection role)
    {
        var names = PolicySettings.NamesOf(role);
        if (!Roles.AreValid([RoleOf(role)]))
        {
            return names.Select(name =>
                $"{name} must name a role, 1 to 32 of a to z, 0 to 9, dot, hyphen and underscore, but names {Setting.Show(role.Key)}.");
        }

        var section = PolicySettings.SectionOf(role.Key);
        var known = Items.Select(item => $"{section}__{item}");
        var settings = SettingsOf(role);
        List<string> sentences =
        [
            .. names.Except(known, StringComparer.OrdinalIgnoreCase)
                .Select(name => $"{name} must be one of {string.Join(", ", Items[..^1])} and {Items[^1]}, but is none."),
            .. settings.Validate(null, Read(settings)).Failures ?? [],
        ];
        return sentences.Count > 0 ? sentences : Compare(section, Read(settings));
    }

    private IEnumerable<string> Compare(string section, RolePolicy policy)
    {
        // Not their options: if those are wrong, they say so themselves.
        var (sessions, access) = (Read(sessionSettings), Read(tokenSettings).AccessTokenLifetime);
        var ofIdle = ($"{section}__{nameof(policy.IdleLifetime)}", policy.IdleLifetime);
        var ofAbsolute = ($"{section}__{nameof(policy.AbsoluteLifetime)}", policy.AbsoluteLifetime);
        var ofInactivity = ($"{section}__{nameof(policy.Inactivity)}", policy.Inactivity);
        // The token of a cookie isn't rotated within the grace, so it must be valid for longer than that.
        var ofGrace = ($"twice Sessions__{nameof(sessions.Grace)}", 2 * sessions.Grace);
        var ofAccess = ($"Tokens__{nameof(TokenOptions.AccessTokenLifetime)}", access);
        if (policy.IdleLifetime < access)
            yield return Sentence(ofIdle, "below", ofAccess);
        if (policy.IdleLifetime < 2 * sessions.Grace)
            yield return Sentence(ofIdle, "below", ofGrace);
        if (policy.Inactivity < 2 * sessions.Grace)
            yield return Sentence(ofInactivity, "below", ofGrace);
        if (policy.AbsoluteLifetime < access)
            yield return Sentence(ofAbsolute, "below", ofAccess);
        if (policy.IdleLifetime > policy.AbsoluteLifetime)
            yield return Sentence(ofIdle, "above", ofAbsolute);
        // The idle lifetime that counts is the strictest.
        (string Name, TimeSpan? Value)[] limits =
        [
            ofIdle, ($"Sessions__{nameof(sessions.IdleLifetime)}", sessions.IdleLifetime),
            ($"Sessions__{nameof(sessions.RememberedIdleLifetime)}",
                policy.AllowRemember == false ? null : sessions.RememberedIdleLifetime),
        ];
        foreach (var limit in limits.Where(limit => policy.Inactivity > limit.Value).OrderBy(limit => limit.Value).Take(1))
            yield return Sentence(ofInactivity, "above", limit);

        static string Sentence((string Name, TimeSpan? Value) one, string where, (string Name, TimeSpan? Value) limit) =>
            $"{one.Name} must not be {where} {limit.Name}, which is {limit.Value}, but is {one.Value}.";
    }

    private SettingsSection<RolePolicy> SettingsOf(IConfigurationSection role) => new(PolicySettings.SectionOf(role.Key), configuration);

    // Names of settings have no case.
    private static string RoleOf(IConfigurationSection role) => role.Key.ToLowerInvariant();

    private static TOptions Read<TOptions>(SettingsSection<TOptions> settings)
        where TOptions : class, new()
    {
        var options = new TOptions();
        settings.Configure(options);
        return options;
    }
}
