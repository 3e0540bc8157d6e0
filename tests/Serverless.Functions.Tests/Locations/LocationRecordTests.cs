namespace Serverless.Functions.Tests.Locations;

public sealed class LocationRecordTests
{
    private static readonly Location Berlin = new("DE") { Region = "Land Berlin", City = "Berlin", Latitude = 52.5244, Longitude = 13.4105 };

    public static TheoryData<string, Dictionary<string, object>, Location?> Records => new()
    {
        {
            "GeoLite2-City, DB-IP", new()
            {
                ["country"] = Fields(("iso_code", "DE"), ("names", Fields(("de", "Deutschland"), ("en", "Germany")))),
                ["subdivisions"] = new List<object> { Fields(("iso_code", "BE"), ("names", Fields(("en", "Land Berlin")))) },
                ["city"] = Fields(("geoname_id", 2950159L), ("names", Fields(("en", "Berlin")))),
                ["location"] = Fields(("latitude", 52.52437), ("longitude", 13.41053), ("accuracy_radius", 20)),
            }, Berlin
        },
        { "GeoLite2-Country of a satellite", new() { ["registered_country"] = Fields(("iso_code", "LU")) }, new("LU") },
        { "IPinfo Lite", new() { ["country"] = "Germany", ["country_code"] = "DE", ["asn"] = "AS64496", ["as_name"] = "Example" }, new("DE") { Network = 64496, NetworkName = "Example" } },
        { "IPinfo city", new() { ["country"] = "DE", ["region"] = "Land Berlin", ["city"] = "Berlin", ["lat"] = "52.52437", ["lng"] = "13.41053" }, Berlin },
        { "ip-location-db city", new() { ["country_code"] = "DE", ["state1"] = "Land Berlin", ["city"] = "Berlin", ["latitude"] = 52.52437f, ["longitude"] = 13.41053f }, Berlin },
        { "a country with its network", new() { ["country_code"] = "de", ["autonomous_system_number"] = 64496L, ["autonomous_system_organization"] = "Ex\u202Eample" }, new("DE") { Network = 64496, NetworkName = "Example" } },
        {
            "GeoLite2-City, of which only the region is sure", new()
            {
                ["country"] = Fields(("iso_code", "DE")),
                ["city"] = Fields(("names", Fields(("en", "Berlin")))),
                ["location"] = Fields(("latitude", 52.52437), ("longitude", 13.41053), ("accuracy_radius", 300)),
            }, new("DE") { City = "Berlin" }
        },
        { "half a coordinate, or one beyond the earth", new() { ["country_code"] = "DE", ["latitude"] = 91d, ["longitude"] = 13d }, new("DE") },
        { "no country", new() { ["city"] = "Berlin" }, null },
        { "a country that is none", new() { ["country_code"] = "<>" }, null },
        { "another form", new() { ["country"] = 7L, ["city"] = new List<object>(), ["location"] = "here" }, null },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void The_common_databases_are_read(string form, Dictionary<string, object> record, Location? location)
    {
        Assert.NotEmpty(form);
        Assert.Equal(location, LocationRecord.Read(record));
    }

    private static Dictionary<string, object> Fields(params (string Name, object Value)[] fields) => fields.ToDictionary(field => field.Name, field => field.Value);
}
