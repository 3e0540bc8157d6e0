namespace Serverless.Functions.Locations;

public sealed class LocationOptions
{
    private const string None = "none";
    private const string Shipped = "locations.mmdb";

    [Setting("the file that tells where addresses are, in MaxMind's format (GeoLite2, DB-IP, IPinfo); "
        + "empty for the countries that the app brings; `none` for no locations",
        "you have a database of cities or networks", Allowed = "the path of an .mmdb file, or `none`")]
    public string Database { get; set; } = "";

    [Setting("how much of a location is stored and shown; City is all that the database has",
        "you may not store where users are"), EnumDataType(typeof(LocationPrecision))]
    public LocationPrecision Precision { get; set; } = LocationPrecision.City;

    [Setting("networks that have no location, such as an office or a VPN, in CIDR notation, separated by commas",
        "many users come from one place that says nothing about where they are"), Networks]
    public string KnownNetworks { get; set; } = "";

    /// <summary>Null if locations are off.</summary>
    internal string? File => Precision == LocationPrecision.None || Database == None ? null
        : Database.Length > 0 ? Database : Path.Combine(AppContext.BaseDirectory, Shipped);
}

/// <summary>Networks in CIDR notation, separated by commas, or empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NetworksAttribute : ValidationAttribute
{
    public override string FormatErrorMessage(string name) => $"{name} must be networks such as 198.51.100.0/24, separated by commas.";

    public override bool IsValid(object? value) => Split(value?.ToString()).All(network => IPNetwork.TryParse(network, out _));

    internal static IPNetwork[] Read(string text) => [.. Split(text).Select(IPNetwork.Parse)];

    private static string[] Split(string? text) =>
        text?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
