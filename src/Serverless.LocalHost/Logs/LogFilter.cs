namespace Serverless.LocalHost.Logs;

/// <summary>The rules of <c>logging.logLevel</c> in host.json: the longest matching prefix of a category wins.</summary>
internal sealed class LogFilter(IEnumerable<IConfigurationSection> rules)
{
    private readonly Dictionary<string, LogLevel> _rules = rules.ToDictionary(
        rule => rule.Key.Equals("default", StringComparison.OrdinalIgnoreCase) ? "" : rule.Key,
        rule => Enum.TryParse<LogLevel>(rule.Value, ignoreCase: true, out var level)
            ? level
            : throw new HostFailure($"host.json: logging.logLevel.{rule.Key} must be a log level, but is '{rule.Value}'."));

    /// <returns>The lowest level shown for the category.</returns>
    internal LogLevel LevelOf(string category) => _rules
        .Where(r => category.StartsWith(r.Key, StringComparison.OrdinalIgnoreCase)).OrderByDescending(r => r.Key.Length)
        .Select(r => r.Value).FirstOrDefault(LogLevel.Information);
}
