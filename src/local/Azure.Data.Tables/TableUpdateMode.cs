namespace Azure.Data.Tables;

/// <summary>What happens to properties that an update doesn't name.</summary>
public enum TableUpdateMode
{
    /// <summary>They keep their values.</summary>
    Merge = 0,

    /// <summary>They are removed.</summary>
    Replace = 1,
}
