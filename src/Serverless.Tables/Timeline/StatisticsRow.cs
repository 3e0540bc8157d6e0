using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Tables.Timeline;

/// <summary>A column for each figure, and one of JSON for each list, far below a property's 32,768 characters.</summary>
internal static class StatisticsRow
{
    private const string Prefix = "d:";
    private const string Ended = "Ended";
    private const string DurationMilliseconds = "DurationMilliseconds";

    public static string PartitionKey(DateOnly day) => Prefix + KeyTime.Day(day);

    public static KeyRange DaysBefore(DateOnly day) => new(Prefix, PartitionKey(day));

    public static TableEntity Write(DayStatistics day) => new(PartitionKey(day.Day), KeyTime.Day(day.Day))
    {
        [nameof(DayStatistics.UpTo)] = day.UpTo,
        [nameof(DayStatistics.Logins)] = day.Logins,
        [nameof(DayStatistics.FailedLogins)] = day.FailedLogins,
        [nameof(DayStatistics.Users)] = day.Users,
        [Ended] = day.Durations.Count,
        [DurationMilliseconds] = day.Durations.TotalMilliseconds,
        [nameof(DayStatistics.Refreshes)] = day.Refreshes,
        [nameof(DayStatistics.EndedByReason)] = ToJson(day.EndedByReason, StatisticsJson.Default.IReadOnlyDictionaryStringInt64),
        [nameof(DayStatistics.ActiveBySystem)] = ToJson(day.ActiveBySystem, StatisticsJson.Default.IReadOnlyDictionaryStringInt64),
        [nameof(DayStatistics.ActiveByBrowser)] = ToJson(day.ActiveByBrowser, StatisticsJson.Default.IReadOnlyDictionaryStringInt64),
        [nameof(DayStatistics.Durations)] = ToJson(day.Durations.Buckets, StatisticsJson.Default.IReadOnlyListDurationBucket),
        [nameof(DayStatistics.TopUsers)] = ToJson(day.TopUsers, StatisticsJson.Default.TopList),
        [nameof(DayStatistics.TopFailedAccounts)] = ToJson(day.TopFailedAccounts, StatisticsJson.Default.TopList),
        [nameof(DayStatistics.TopFailedAddresses)] = ToJson(day.TopFailedAddresses, StatisticsJson.Default.TopList),
    };

    public static DayStatistics Read(StoredRow row)
    {
        StoredRow.Require(KeyTime.TryReadDay(row.RowKey, out var date) && row.PartitionKey == PartitionKey(date));
        return new(date, row.Value<DateTimeOffset>(nameof(DayStatistics.UpTo)))
        {
            Logins = row.Value<long>(nameof(DayStatistics.Logins)),
            FailedLogins = row.Value<long>(nameof(DayStatistics.FailedLogins)),
            Users = row.Value<long>(nameof(DayStatistics.Users)),
            Refreshes = row.Value<long>(nameof(DayStatistics.Refreshes)),
            Version = row.Version,
            EndedByReason = FromJson(nameof(DayStatistics.EndedByReason), StatisticsJson.Default.IReadOnlyDictionaryStringInt64),
            ActiveBySystem = FromJson(nameof(DayStatistics.ActiveBySystem), StatisticsJson.Default.IReadOnlyDictionaryStringInt64),
            ActiveByBrowser = FromJson(nameof(DayStatistics.ActiveByBrowser), StatisticsJson.Default.IReadOnlyDictionaryStringInt64),
            Durations = new(
                row.Value<long>(Ended),
                row.Value<long>(DurationMilliseconds),
                FromJson(nameof(DayStatistics.Durations), StatisticsJson.Default.IReadOnlyListDurationBucket)),
            TopUsers = FromJson(nameof(DayStatistics.TopUsers), StatisticsJson.Default.TopList),
            TopFailedAccounts = FromJson(nameof(DayStatistics.TopFailedAccounts), StatisticsJson.Default.TopList),
            TopFailedAddresses = FromJson(nameof(DayStatistics.TopFailedAddresses), StatisticsJson.Default.TopList),
        };

        T FromJson<T>(string column, JsonTypeInfo<T> type)
        {
            try
            {
                return JsonSerializer.Deserialize(row.Text(column), type) ?? throw new UnreadableRowException(column);
            }
            catch (JsonException)
            {
                throw new UnreadableRowException(column);
            }
        }
    }

    private static string ToJson<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyDictionary<string, long>))]
[JsonSerializable(typeof(IReadOnlyList<DurationBucket>))]
[JsonSerializable(typeof(TopList))]
internal sealed partial class StatisticsJson : JsonSerializerContext;
