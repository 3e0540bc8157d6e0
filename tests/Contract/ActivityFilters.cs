namespace Serverless.Testing;

/// <summary>The rule that stores put into their queries.</summary>
internal static class ActivityFilters
{
    public static bool Matches(this ActivityFilter filter, Activity activity) =>
        ((filter.UserId is null && filter.AccountKey is null)
            || (filter.UserId is not null && activity.UserId == filter.UserId)
            || (filter.AccountKey is not null && activity.AccountKey == filter.AccountKey))
        && (filter.AddressGroup is null || activity.AddressGroup == filter.AddressGroup)
        && (filter.Country is null || activity.Country == filter.Country)
        && (filter.Kind is null || activity.Kind == filter.Kind);
}
