namespace Serverless.Functions.Locations;

[Description("Where an address is, as far as the database knows.")]
internal sealed record LocationBody(
    [RegularExpression(Pattern.Country), Description("The ISO 3166 code.")] string Country,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? Region = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? City = null,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("Degrees.")] double? Latitude = null,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("Degrees.")] double? Longitude = null,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The number of the autonomous system (ASN).")] long? Network = null,
    [property: JsonIgnore(Condition = WhenWritingNull)] string? NetworkName = null)
{
    public static LocationBody? Of(Location? location) => location is null ? null : new(
        location.Country, location.Region, location.City, location.Latitude, location.Longitude, location.Network, location.NetworkName);

    public static LocationBody? OfCountry(string? country) => country is null ? null : new(country);
}
