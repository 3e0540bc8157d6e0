using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.LocalHost.Timers;

/// <param name="Last">The last occurrence that ran; the default before the first.</param>
internal sealed record ScheduleStatus(DateTime Last, DateTime Next, DateTime LastUpdated);

internal sealed record ScheduleSettings(bool AdjustForDST);

/// <summary>What the timer extension of the worker reads.</summary>
internal sealed record TimerInput(ScheduleSettings Schedule, ScheduleStatus? ScheduleStatus, bool IsPastDue);

[JsonSerializable(typeof(TimerInput))]
[JsonSerializable(typeof(ScheduleStatus))]
internal sealed partial class TimerJson : JsonSerializerContext;

/// <summary>
/// Keeps the status of the timers over restarts: <c>.timers/PORT/FUNCTION.json</c> in the app's folder. Hosts of one folder on
/// different ports don't share it, as they mostly don't share their storage either.
/// </summary>
internal sealed class ScheduleStatusFile(string folder, int port, string function)
{
    private readonly string _path = Path.Combine(folder, ".timers", $"{port}", $"{function}.json");

    internal ScheduleStatus? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), TimerJson.Default.ScheduleStatus);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes it if the folder lets it; otherwise a missed run goes unnoticed after the next start.</summary>
    internal void Write(ScheduleStatus status)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.WriteAllBytes(_path, JsonSerializer.SerializeToUtf8Bytes(status, TimerJson.Default.ScheduleStatus));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Logs.Output.Error($"The schedule status of function '{function}' can't be kept: {e.Message}");
        }
    }
}
