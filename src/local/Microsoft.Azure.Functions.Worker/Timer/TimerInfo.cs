namespace Microsoft.Azure.Functions.Worker;

public class TimerInfo
{
    /// <summary>Null for a timer that isn't monitored, as one that runs more often than once a minute.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Whether it runs later than scheduled.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>Where a timer stands in its schedule; all times are UTC.</summary>
public class ScheduleStatus
{
    /// <summary>The last occurrence, the default value before the first.</summary>
    public DateTime Last { get; set; }

    /// <summary>The expected next occurrence.</summary>
    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
