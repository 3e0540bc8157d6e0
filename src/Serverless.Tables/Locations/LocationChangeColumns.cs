namespace Serverless.Tables.Locations;

internal static class LocationChangeColumns
{
    private const string FromCountry = "FromCountry";
    private const string ToCountry = "ToCountry";
    private const string ElapsedSeconds = "ElapsedSeconds";

    public static TableEntity With(this TableEntity row, LocationChange? change)
    {
        row[FromCountry] = change?.From;
        row[ToCountry] = change?.To;
        row[nameof(LocationChange.Kilometers)] = change?.Kilometers;
        row[ElapsedSeconds] = change?.Elapsed?.TotalSeconds;
        return row;
    }

    public static LocationChange? ReadLocationChange(this StoredRow row) => row.TextOrNull(ToCountry) is not { } to ? null : new(
        row.TextOrNull(FromCountry), to, row.NumberOrNull(nameof(LocationChange.Kilometers)),
        row.SpanOrNull(ElapsedSeconds, TimeSpan.FromSeconds(1)));
}
