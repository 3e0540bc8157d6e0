namespace Serverless.Tables.Locations;

/// <summary>The columns of a client's location. One that can't be read counts as absent: no row is lost for it.</summary>
internal static class LocationColumns
{
    private static readonly string[] Columns =
    [
        nameof(Location.Country), nameof(Location.Region), nameof(Location.City), nameof(Location.Latitude), nameof(Location.Longitude),
        nameof(Location.Network), nameof(Location.NetworkName),
    ];

    public static TableEntity With(this TableEntity row, Location? location, string prefix = "")
    {
        row[prefix + nameof(Location.Country)] = location?.Country;
        row[prefix + nameof(Location.Region)] = location?.Region;
        row[prefix + nameof(Location.City)] = location?.City;
        row[prefix + nameof(Location.Latitude)] = location?.Latitude;
        row[prefix + nameof(Location.Longitude)] = location?.Longitude;
        row[prefix + nameof(Location.Network)] = location?.Network;
        row[prefix + nameof(Location.NetworkName)] = location?.NetworkName;
        return row;
    }

    /// <summary>For a merge, which can't remove a column: an empty text replaces what isn't known any more.</summary>
    public static TableEntity WithReplaced(this TableEntity row, Location? location)
    {
        row.With(location);
        foreach (var column in Columns)
            row[column] ??= "";
        return row;
    }

    public static Location? ReadLocation(this StoredRow row, string prefix = "")
    {
        return Text(nameof(Location.Country)) is not { } country ? null : new(country)
        {
            Region = Text(nameof(Location.Region)),
            City = Text(nameof(Location.City)),
            Latitude = Number(nameof(Location.Latitude)),
            Longitude = Number(nameof(Location.Longitude)),
            Network = (long?)Number(nameof(Location.Network)),
            NetworkName = Text(nameof(Location.NetworkName)),
        };

        string? Text(string column) => row[prefix + column] is string { Length: > 0 } text ? text : null;

        // Some writers send whole numbers without a type.
        double? Number(string column) => row[prefix + column] switch
        {
            double number => number,
            long number => number,
            int number => number,
            _ => null,
        };
    }
}
