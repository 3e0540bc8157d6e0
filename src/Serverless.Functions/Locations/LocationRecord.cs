using Fields = System.Collections.Generic.Dictionary<string, object>;

namespace Serverless.Functions.Locations;

/// <summary>Reads the records of the common databases: MaxMind and DB-IP nest them by language,
/// IPinfo and ip-location-db are flat.</summary>
internal static class LocationRecord
{
    private const int MaximumLength = 64;

    public static Location? Read(Fields record)
    {
        // IPinfo's country is a code in some databases and a name in others, which have country_code, too.
        var country = Text(record, "country_code") ?? Text(record, "country")
            ?? Text(Child(record, "country") ?? Child(record, "registered_country"), "iso_code");
        if (country is not { Length: 2 } || !country.All(char.IsAsciiLetter))
            return null;
        var place = Child(record, "location") ?? record;
        var (latitude, longitude) = (Degrees(place, 90, "latitude", "lat"), Degrees(place, 180, "longitude", "lng"));
        // An address that may be that far away is placed in the middle of its region.
        var arePrecise = latitude is not null && longitude is not null
            && !(Number(place, "accuracy_radius") >= LocationRules.ShortestJourney);
        return new(country.ToUpperInvariant())
        {
            Region = Text(record, "region") ?? Text(record, "state1") ?? Name(First(record, "subdivisions")),
            City = Text(record, "city") ?? Name(Child(record, "city")),
            Latitude = arePrecise ? latitude : null,
            Longitude = arePrecise ? longitude : null,
            Network = Number(record, "autonomous_system_number") ?? NetworkOf(Text(record, "asn")),
            NetworkName = Text(record, "autonomous_system_organization") ?? Text(record, "as_name"),
        };
    }

    private static Fields? Child(Fields? fields, string name) => fields?.GetValueOrDefault(name) as Fields;

    private static Fields? First(Fields fields, string name) =>
        fields.GetValueOrDefault(name) is List<object> and [Fields first, ..] ? first : null;

    private static string? Name(Fields? fields) => Text(Child(fields, "names"), "en");

    private static string? Text(Fields? fields, string name) =>
        TextSanitizer.Strip(fields?.GetValueOrDefault(name) as string, MaximumLength);

    private static double? Degrees(Fields fields, double most, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            double? degrees = fields.GetValueOrDefault(name) switch
            {
                double number => number,
                float number => number,
                string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
                _ => null,
            };
            // To ten meters: no database knows more.
            if (degrees is { } value && Math.Abs(value) <= most)
                return Math.Round(value, 4);
        }

        return null;
    }

    private static long? Number(Fields fields, string name) => fields.GetValueOrDefault(name) switch
    {
        long number => number,
        int number => number,
        string text => NetworkOf(text),
        _ => null,
    };

    // With or without its prefix: AS64496.
    private static long? NetworkOf(string? text) =>
        uint.TryParse(text?.Replace("AS", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
