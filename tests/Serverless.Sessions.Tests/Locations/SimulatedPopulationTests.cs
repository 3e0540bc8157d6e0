using Xunit.Abstractions;

namespace Serverless.Sessions.Tests.Locations;

/// <summary>How often honest people are reported. The table in docs/locations.md is of this population.</summary>
public sealed class SimulatedPopulationTests(ITestOutputHelper output)
{
    private const int Users = 40;
    private const int Days = 100;

    /// <summary>The most alarms in 1,000 days of a user: new country, impossible travel, changed country, of which the user is told.</summary>
    [Theory]
    [InlineData("commuter", LocationPrecision.Country, 0, 0, 0, 0)]
    [InlineData("commuter", LocationPrecision.City, 0, 11, 0, 0)]
    [InlineData("roamer", LocationPrecision.Country, 13, 0, 1030, 45)]
    [InlineData("roamer", LocationPrecision.City, 13, 0, 1030, 45)]
    [InlineData("vpn", LocationPrecision.Country, 30, 102, 4430, 48)]
    [InlineData("vpn", LocationPrecision.City, 30, 350, 4430, 48)]
    [InlineData("distant", LocationPrecision.Country, 0, 0, 0, 0)]
    [InlineData("distant", LocationPrecision.City, 0, 0, 0, 0)]
    [InlineData("traveller", LocationPrecision.Country, 78, 0, 0, 0)]
    [InlineData("traveller", LocationPrecision.City, 78, 16, 0, 0)]
    [InlineData("office", LocationPrecision.Country, 0, 0, 0, 0)]
    [InlineData("office", LocationPrecision.City, 0, 0, 0, 0)]
    public void False_alarms_stay_below_what_the_page_says(
        string kind, LocationPrecision precision, double newCountries, double travels, double countryChanges, double told)
    {
        var random = new Random(20260314);
        var people = Enumerable.Range(0, Users).Select(_ => new Person(SimulatedDay.Of(kind), precision, random)).ToList();
        people.ForEach(person => person.Live(Days));
        double PerThousandDays(Func<Person, int> count) => people.Sum(count) * 1000d / (Users * Days);
        var (found, went, changed) = (
            PerThousandDays(person => person.NewCountries), PerThousandDays(person => person.Travels), PerThousandDays(person => person.CountryChanges));
        var toldOf = PerThousandDays(person => person.ToldChanges);
        output.WriteLine($"{kind} {precision}: {found:0.0} {went:0.0} {changed:0.0} {toldOf:0.0}; {PerThousandDays(person => person.Logins):0} logins");
        Assert.InRange(PerThousandDays(person => person.Logins), 900, 3000);
        Assert.InRange(found, 0, newCountries);
        Assert.InRange(went, 0, travels);
        Assert.InRange(changed, 0, countryChanges);
        Assert.InRange(toldOf, 0, told);
    }

    /// <summary>A person with a laptop, on which they log in each morning and evening, and a phone that stays logged in for a month.</summary>
    private sealed class Person(SimulatedDay.Whereabouts whereabouts, LocationPrecision precision, Random random)
    {
        private static readonly TimeSpan AccessTokenLifetime = new TokenOptions().AccessTokenLifetime;
        private static readonly int MaximumSpeed = new LocationRuleOptions().MaximumSpeed;

        private static readonly RefreshToken Token = Any.One(Any.RefreshToken);

        private readonly Dictionary<Device, (Location? Location, DateTimeOffset At)> _sessions = [];
        private readonly Dictionary<Device, KnownPlaces> _told = [];
        private readonly int _seed = random.Next();
        private KnownPlaces _places;
        private Location? _last;

        public int Logins { get; private set; }
        public int NewCountries { get; private set; }
        public int Travels { get; private set; }
        public int CountryChanges { get; private set; }
        public int ToldChanges { get; private set; }

        public void Live(int days)
        {
            for (var day = 0; day < days; day++)
            {
                var morning = DateTimeOffset.UnixEpoch.AddDays(20_000 + day);
                var uses = UsesOf(day).Select(use => (use.Device, use.IsLogin, At: morning.AddHours(use.Hour))).OrderBy(use => use.At);
                foreach (var (device, isLogin, at) in uses)
                {
                    var location = whereabouts(_seed, device, day, (at - morning).TotalHours, random)?.At(precision);
                    if (isLogin)
                        LogIn(device, location, at);
                    else
                        Refresh(device, location, at);
                    _sessions[device] = (location, at);
                }
            }
        }

        private IEnumerable<(Device Device, bool IsLogin, double Hour)> UsesOf(int day)
        {
            foreach (var (from, to) in new[] { (9d, 17d), (20d, 22d) })
            {
                var start = from + random.NextDouble() / 2;
                yield return (Device.Laptop, true, start);
                for (var hour = start + 0.45; hour < to; hour += 0.45)
                    yield return (Device.Laptop, false, hour);
            }

            for (var hour = 7 + random.NextDouble(); hour < 23; hour += 0.3 + random.NextDouble())
                yield return (Device.Phone, day % 30 == 0 && hour < 8, hour);
        }

        private void LogIn(Device device, Location? present, DateTimeOffset at)
        {
            Logins++;
            if (present is null)
            {
                _told[device] = _places;
                return;
            }

            var isTold = _last is not null && _told.Values.Any(places => places.WereUsed(present.Country, at));
            NewCountries += isTold || LocationRules.FindNewCountry(_places, _last, present, at) is null ? 0 : 1;
            if (_last is not null && LocationRules.Differ(_last, present)
                && _sessions.Values.Where(session => session.Location is not null).OrderBy(session => session.At).LastOrDefault() is { Location: { } former } use)
            {
                Travels += LocationRules.FindImpossibleTravel(new(former, use.At), present, at, MaximumSpeed) is null ? 0 : 1;
            }

            (_places, _last) = (_places.With(present.Country, at), _last is null || LocationRules.Differ(_last, present) ? present : _last);
            _told[device] = _places;
        }

        private void Refresh(Device device, Location? present, DateTimeOffset at)
        {
            if (!_sessions.TryGetValue(device, out var session))
                return;
            var token = Token with { Country = session.Location?.Country, LocatedAt = session.At };
            if (LocationRules.FindCountryChange(token, present, at, AccessTokenLifetime) is not { } change)
                return;
            CountryChanges++;
            if (_told[device].WereUsed(change.To, at))
                return;
            ToldChanges++;
            _told[device] = _told[device].With(change.To, at);
        }
    }
}

internal enum Device
{
    Laptop,
    Phone,
}

/// <summary>Where people are in the course of a day, as a database of addresses sees them.</summary>
internal static class SimulatedDay
{
    /// <param name="seed">Of the person.</param>
    /// <param name="device">What is used.</param>
    /// <param name="day">The number of the day.</param>
    /// <param name="hour">Of the day.</param>
    /// <param name="random">For what differs from use to use.</param>
    public delegate Location? Whereabouts(int seed, Device device, int day, double hour, Random random);

    // Mobile networks appear in few places, wherever the phone is.
    private static readonly Location[] Gateways = [Place("DE", 50.11, 8.68), Place("DE", 52.52, 13.41)];

    private static readonly Location Basel = Place("CH", 47.56, 7.59);
    private static readonly Location Loerrach = Place("DE", 47.61, 7.66);
    private static readonly Location SaintLouis = Place("FR", 47.59, 7.56);

    // Where databases place what they know nothing of but its country.
    private static readonly Location UnitedStates = new("US") { Latitude = 37.751, Longitude = -97.822 };

    private static readonly Location[] Abroad =
    [
        Place("FR", 48.86, 2.35), Place("GB", 51.51, -0.13), Place("US", 40.71, -74.01), Place("ES", 40.42, -3.70), Place("JP", 35.68, 139.69),
        Place("PL", 52.23, 21.01), Place("AE", 25.20, 55.27), Place("BR", -23.55, -46.63),
    ];

    private static readonly Location[] Exits = [Place("NL", 52.37, 4.90), Place("SE", 59.33, 18.07), Place("US", 39.04, -77.49)];

    public static Whereabouts Of(string kind) => kind switch
    {
        "commuter" => Commute,
        "roamer" => (_, device, _, hour, random) => device == Device.Laptop ? IsWork(hour) ? Basel : Loerrach : RoamAtBorder(random),
        "vpn" => (seed, device, day, hour, random) => device == Device.Laptop && IsOn(seed, day, hour)
            ? Exits[Mix(seed, day) % Exits.Length] : Commute(seed, device, day, hour, random),
        "distant" => (_, device, _, _, _) => device == Device.Phone ? UnitedStates : Place("US", 40.71, -74.01),
        "traveller" => Travel,
        "office" => (seed, device, day, hour, random) => IsWork(hour) ? null : Commute(seed, device, day, hour, random),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    // At home and at work by cable, which is located well but for some days; between them by the phone's network.
    private static Location Commute(int seed, Device device, int day, double hour, Random random)
    {
        var isUnderWay = hour is (>= 8 and < 9) or (>= 17 and < 18);
        if (device == Device.Phone && isUnderWay)
            return Gateways[random.Next(Gateways.Length)];
        return Mix(seed, day) % 20 == 0 ? Place("DE", 50.94, 6.96) : Place("DE", 52.5 + (IsWork(hour) ? 0.05 : 0), 13.4);
    }

    // A phone that finds the networks of three countries from one place.
    private static Location RoamAtBorder(Random random) => random.Next(20) switch
    {
        0 => SaintLouis,
        1 or 2 => Basel,
        _ => Loerrach,
    };

    // Three of ten days abroad. The flight leaves in the evening and arrives in the morning; nothing is used on it.
    private static Location Travel(int seed, Device device, int day, double hour, Random random)
    {
        var (trip, isAway) = (day / 10, day % 10 >= 7);
        return isAway ? Abroad[Mix(seed, trip) % Abroad.Length] : Commute(seed, device, day, hour, random);
    }

    private static bool IsWork(double hour) => hour is >= 9 and < 17;

    // On for about an hour at a time, a third of the day.
    private static bool IsOn(int seed, int day, double hour) => Mix(seed, (day * 24) + (int)hour) % 3 == 0;

    private static int Mix(int seed, int number) => (int)((((ulong)(uint)seed * 31) + (uint)number) * 0x9E3779B97F4A7C15 >> 40);

    private static Location Place(string country, double latitude, double longitude) =>
        new(country) { City = "A city", Latitude = latitude, Longitude = longitude };
}
