namespace Serverless.Redis.Tests;

/// <summary>Counts the calls to a Redis: scripts, and the reads that are none. Beats, which go on meanwhile, are left out.</summary>
internal static class Calls
{
    private static readonly string[] Reads = ["cmdstat_mget", "cmdstat_hvals"];

    public static async Task<(long Scripts, long Reads)> CountAsync(IDatabase database)
    {
        var statistics = (await database.Multiplexer.GetServers()[0].InfoAsync("commandstats")).SelectMany(section => section)
            .ToDictionary(command => command.Key, command => CountOf(command.Value));
        // Only the script of a beat calls ZRANGE. The first call of a script is EVAL.
        return (Of("cmdstat_eval") + Of("cmdstat_evalsha") - Of("cmdstat_zrange"), Reads.Sum(Of));

        long Of(string command) => statistics.GetValueOrDefault(command);
    }

    private static long CountOf(string statistics) =>
        long.Parse(Regex.Match(statistics, @"calls=(\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
}
