namespace Serverless.LocalHost.Timers;

/// <param name="Last">When the last occurrence ran; default before the first.</param>
internal sealed record ScheduleStatus(DateTime Last, DateTime Next, DateTime LastUpdated)
{
    internal static ScheduleStatus? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), HostJson.Default.ScheduleStatus);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    internal void Write(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(this, HostJson.Default.ScheduleStatus));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Output.Log(LogLevel.Warning, $"Runs missed while the host is down will not be detected: {e.Message}");
        }
    }
}

internal sealed record ScheduleSettings(bool AdjustForDST);

/// <summary>The input of the worker's timer extension.</summary>
internal sealed record TimerInput(ScheduleSettings Schedule, ScheduleStatus? ScheduleStatus, bool IsPastDue);
