namespace Serverless.LocalHost.Timers;

/// <param name="Last">When the last occurrence ran; the default before the first.</param>
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
            Output.Log(LogLevel.Warning, $"A run that is missed while the host is down will go unnoticed: {e.Message}");
        }
    }
}

internal sealed record ScheduleSettings(bool AdjustForDST);

/// <summary>What the timer extension of the worker reads.</summary>
internal sealed record TimerInput(ScheduleSettings Schedule, ScheduleStatus? ScheduleStatus, bool IsPastDue);
