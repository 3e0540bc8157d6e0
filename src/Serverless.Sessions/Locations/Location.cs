namespace Serverless.Sessions.Locations;

/// <summary>Where an address is, as far as a database knows. <c>Country</c> is an ISO 3166 code in capitals; <c>Latitude</c> and
/// <c>Longitude</c> are degrees; <c>Network</c> is the number of the autonomous system (ASN).</summary>
public sealed record Location(string Country)
{
    private const double EarthRadius = 6371; // Kilometers.

    public string? Region { get; init; }
    public string? City { get; init; }
    public double? Latitude { get; init; }
    public double? Longitude { get; init; }
    public long? Network { get; init; }
    public string? NetworkName { get; init; }

    /// <summary>In kilometers along the earth's surface; null unless both have coordinates, and a city:
    /// without one they are the middle of a country.</summary>
    public double? DistanceTo(Location other)
    {
        if (City is null || other.City is null || Latitude is not { } fromLatitude || Longitude is not { } fromLongitude
            || other.Latitude is not { } toLatitude || other.Longitude is not { } toLongitude)
        {
            return null;
        }

        // The haversine formula.
        var (from, to) = (double.DegreesToRadians(fromLatitude), double.DegreesToRadians(toLatitude));
        var latitude = Math.Sin((to - from) / 2);
        var longitude = Math.Sin(double.DegreesToRadians(toLongitude - fromLongitude) / 2);
        var half = (latitude * latitude) + (Math.Cos(from) * Math.Cos(to) * longitude * longitude);
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(half)));
    }

    public Location? At(LocationPrecision precision) => precision switch
    {
        LocationPrecision.None => null,
        LocationPrecision.Country => new(Country),
        _ => this,
    };
}

/// <summary>How much of a location is stored and shown.</summary>
public enum LocationPrecision
{
    None,
    Country,

    /// <summary>All that the database has.</summary>
    City,
}

/// <summary>Finds where addresses are.</summary>
public interface ILocationSource
{
    /// <summary>The day on which the database was made; null without one.</summary>
    DateOnly? DatabaseDate { get; }

    /// <summary>Returns null for an address that isn't public, or that the database doesn't know.</summary>
    Location? Find(string ipAddress);
}
