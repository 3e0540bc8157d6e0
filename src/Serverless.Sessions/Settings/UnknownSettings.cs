using Microsoft.Extensions.Configuration;

namespace Serverless.Sessions.Settings;

/// <summary>Finds settings that nothing reads, because their name is mistyped.</summary>
public sealed class UnknownSettings(IEnumerable<Setting> settings, IConfiguration configuration)
{
    // A name outside our sections with at most this many typos was meant for one of our settings.
    private const int MaximumEdits = 2;

    /// <summary>Returns what is in our sections but no setting, or elsewhere but nearly one, with the nearest setting.</summary>
    public IEnumerable<(string Name, string Nearest)> Find()
    {
        var names = settings.Select(setting => setting.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var sections = settings.Select(setting => setting.Section).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
            from section in configuration.GetChildren()
            from value in section.GetChildren()
            from name in NamesOf(section.Key, value)
            where !names.Contains(name.Known)
            let nearest = names.MinBy(known => EditDistance(name.Known, known))!
            where sections.Contains(section.Key) || EditDistance(name.Known, nearest) <= MaximumEdits
            select (name.Full, nearest);
    }

    /// <summary>Whether a name was probably meant to be another.</summary>
    public static Func<string, bool> IsNearly(string known) =>
        name => name != known && EditDistance(name, known) <= MaximumEdits;

    // What has no value of its own is a role with settings.
    private static IEnumerable<(string Full, string Known)> NamesOf(string section, IConfigurationSection value) => value.Value is not null
        ? [($"{section}__{value.Key}", $"{section}__{value.Key}")]
        : value.GetChildren().Select(item => ($"{section}__{value.Key}__{item.Key}", $"{section}__{Setting.AnyRole}__{item.Key}"));

    // The Levenshtein distance: letters missing, added or replaced.
    private static int EditDistance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 0; i < one.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < other.Length; j++)
            {
                var changed = diagonal + (char.ToUpperInvariant(one[i]) == char.ToUpperInvariant(other[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(changed, Math.Min(row[j], row[j + 1]) + 1);
            }
        }

        return row[^1];
    }
}
