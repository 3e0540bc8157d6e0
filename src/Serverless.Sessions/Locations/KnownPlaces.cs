using System.Collections.Immutable;

namespace Serverless.Sessions.Locations;

/// <summary>The countries that an account was last used in by a login, with the day.</summary>
public readonly record struct KnownPlaces
{
    /// <summary>The most countries remembered; one more drops that used least recently.</summary>
    public const int Maximum = 16;

    /// <summary>How long a country stays known without a login.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    // A younger day isn't replaced, which saves a write at most logins.
    private const int DaysBetweenChanges = 7;

    private readonly ImmutableArray<KnownPlace> _places;

    private KnownPlaces(ImmutableArray<KnownPlace> places) => _places = places;

    public IReadOnlyList<KnownPlace> Places => _places.IsDefault ? [] : _places;
    public bool IsEmpty => _places.IsDefaultOrEmpty;

    /// <summary>Reads the stored form, and skips what is malformed.</summary>
    public static KnownPlaces Read(string? stored) => new(
    [
        .. from part in stored?.Split(',') ?? []
           let place = KnownPlace.Read(part)
           where place is not null
           select place.Value,
    ]);

    public bool WereUsed(string country, DateTimeOffset now) =>
        Places.Any(place => place.Country == country && place.LastUsed >= DayOf(now - Memory));

    public KnownPlaces With(string country, DateTimeOffset now)
    {
        var today = DayOf(now);
        if (Places.Any(place => place.Country == country && place.LastUsed.AddDays(DaysBetweenChanges) > today))
            return this;
        var others = Places.Where(place => place.Country != country).OrderBy(place => place.LastUsed).ToList();
        return new([.. others.Skip(others.Count + 1 - Maximum), new KnownPlace(country, today)]);
    }

    public bool Equals(KnownPlaces other) => Places.SequenceEqual(other.Places);
    public override int GetHashCode() => Places.Aggregate(0, HashCode.Combine);
    public override string ToString() => string.Join(',', Places);

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
}

public readonly record struct KnownPlace(string Country, DateOnly LastUsed)
{
    private const string Day = "yyyyMMdd";

    internal static KnownPlace? Read(string text) =>
        text.Split(':') is [{ Length: 2 } country, var day]
            && DateOnly.TryParseExact(day, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var used)
            ? new(country, used) : null;

    public override string ToString() => $"{Country}:{LastUsed.ToString(Day, CultureInfo.InvariantCulture)}";
}
