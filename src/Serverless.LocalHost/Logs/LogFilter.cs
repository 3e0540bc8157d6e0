using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Serverless.LocalHost.Logs;

/// <summary>The rules of <c>logging.logLevel</c> in host.json: the longest prefix of a category decides.</summary>
internal sealed class LogFilter
{
    private readonly List<(string Prefix, LogLevel Level)> _rules = [("", LogLevel.Information)];

    internal LogFilter(IEnumerable<IConfigurationSection> rules)
    {
        foreach (var rule in rules)
        {
            if (!Enum.TryParse<LogLevel>(rule.Value, ignoreCase: true, out var level))
                throw new HostFailure($"host.json: logging.logLevel.{rule.Key} must be a log level, but is '{rule.Value}'.");
            if (rule.Key.Equals("default", StringComparison.OrdinalIgnoreCase))
                _rules[0] = ("", level);
            else
                _rules.Add((rule.Key, level));
        }
    }

    /// <returns>The least level that the category shows.</returns>
    internal LogLevel LevelOf(string category) =>
        _rules.Where(r => category.StartsWith(r.Prefix, StringComparison.OrdinalIgnoreCase)).MaxBy(r => r.Prefix.Length).Level;
}
