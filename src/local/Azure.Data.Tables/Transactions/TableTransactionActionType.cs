namespace Azure.Data.Tables;

/// <summary>What a transaction does with one entity.</summary>
public enum TableTransactionActionType
{
    /// <summary>Inserts it; fails if it is there.</summary>
    Add = 0,

    /// <summary>Changes the properties it names; fails if it isn't there.</summary>
    UpdateMerge = 1,

    /// <summary>Replaces all properties; fails if it isn't there.</summary>
    UpdateReplace = 2,

    /// <summary>Deletes it; fails if it isn't there.</summary>
    Delete = 3,

    /// <summary>Inserts it, or changes the properties it names.</summary>
    UpsertMerge = 4,

    /// <summary>Inserts it, or replaces all properties.</summary>
    UpsertReplace = 5,
}
