namespace Serverless.Sessions.Tests.Locations;

public sealed class LocationRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Fact]
    public void Distances_are_as_the_crow_flies_and_need_the_coordinates_of_both()
    {
        Assert.InRange(Places.Berlin.DistanceTo(Places.Paris)!.Value, 875, 881);
        Assert.InRange(Places.London.DistanceTo(Places.Auckland)!.Value, 18_310, 18_370);
        Assert.Equal(0, Places.Berlin.DistanceTo(Places.Berlin));
        Assert.Null(Places.Berlin.DistanceTo(new("FR")));
        Assert.Null(new Location("FR").DistanceTo(Places.Berlin));
    }

    [Fact]
    public void A_precision_cuts_a_location_down()
    {
        var whole = Places.Berlin with { Region = "Berlin", Network = 64496, NetworkName = "Example" };
        Assert.Equal(
            [null, new("DE"), whole],
            new[] { LocationPrecision.None, LocationPrecision.Country, LocationPrecision.City }.Select(whole.At));
    }

    [Theory]
    [InlineData("FR", 89, false)]
    [InlineData("FR", 91, true)]
    [InlineData("IT", 1, true)]
    public void A_country_is_new_until_a_login_and_again_after_90_days(string country, int days, bool isNew)
    {
        var places = default(KnownPlaces).With("FR", Now).With("DE", Now);
        var found = LocationRules.FindNewCountry(places, new("DE"), new(country), Now.AddDays(days));
        Assert.Equal(isNew ? new LocationChange("DE", country) : null, found);
    }

    [Fact]
    public void The_first_country_of_an_account_and_that_of_its_last_login_are_never_new()
    {
        Assert.Null(LocationRules.FindNewCountry(default, null, new("DE"), Now));
        var places = default(KnownPlaces).With("DE", Now);
        Assert.Null(LocationRules.FindNewCountry(places, new("DE"), new("DE"), Now.AddDays(400)));
    }

    [Fact]
    public void Sixteen_countries_are_remembered_and_a_day_is_replaced_after_a_week()
    {
        var countries = Enumerable.Range(0, KnownPlaces.Maximum + 1).Select(i => $"A{(char)('A' + i)}").ToList();
        var places = countries.Aggregate(default(KnownPlaces), (known, country) => known.With(country, Now.AddDays(countries.IndexOf(country))));
        Assert.Equal(countries[1..], places.Places.Select(place => place.Country));
        Assert.Equal(places, KnownPlaces.Read(places.ToString()));
        Assert.Equal(places, places.With("AQ", Now.AddDays(22)));
        Assert.Equal(DateOnly.FromDateTime(Now.AddDays(23).Date), places.With("AQ", Now.AddDays(23)).Places[^1].LastUsed);
        Assert.Equal(["DE:20260314"], KnownPlaces.Read("DE:20260314,FR,IT:yesterday,:,").Places.Select(place => $"{place}"));
    }

    [Theory]
    [InlineData(5.5, true)]
    [InlineData(5.6, false)]
    public void A_journey_is_impossible_above_the_maximum_speed(double hours, bool isImpossible)
    {
        // 5,570 km.
        var found = FindTravel(Places.London, Places.NewYork, TimeSpan.FromHours(hours));
        Assert.Equal(isImpossible, found is not null);
        if (found is not null)
            Assert.Equal(("GB", "US", 5570d, TimeSpan.FromHours(5.5)), (found.From, found.To, Math.Round(found.Kilometers!.Value / 10) * 10, found.Elapsed));
    }

    [Fact]
    public void What_is_nearer_than_300_km_is_no_journey_and_a_clock_behind_counts_as_no_time()
    {
        Assert.Null(FindTravel(Places.Berlin, Places.Potsdam, TimeSpan.Zero));
        Assert.NotNull(FindTravel(Places.Berlin, Places.Paris, -TimeSpan.FromMinutes(5)));
    }

    [Theory]
    [InlineData("DE", "US", 17, true)]
    [InlineData("DE", "US", 19, false)]
    [InlineData("DE", "FR", 0, false)]
    [InlineData("FR", "DE", 0, false)]
    [InlineData("FR", "GB", 0, false)]
    [InlineData("DE", "DE", 0, false)]
    public void Of_countries_alone_only_those_without_a_border_count_and_only_soon(string from, string to, int minutes, bool isImpossible) =>
        Assert.Equal(isImpossible, FindTravel(new(from), new(to), TimeSpan.FromMinutes(minutes)) is not null);

    [Fact]
    public void Coordinates_of_one_place_alone_say_no_more_than_its_country() =>
        Assert.Null(FindTravel(Places.Berlin, new("US"), TimeSpan.FromHours(1)));

    [Fact]
    public void Coordinates_without_a_city_are_the_middle_of_a_country_and_say_no_more_than_that()
    {
        var middle = Places.NewYork with { City = null, Latitude = 37.751, Longitude = -97.822 };
        Assert.Null(Places.NewYork.DistanceTo(middle));
        Assert.Null(middle.DistanceTo(Places.NewYork));
        Assert.False(LocationRules.Differ(Places.NewYork, middle));
        Assert.Null(FindTravel(middle, Places.NewYork, TimeSpan.Zero));
    }

    private static LocationChange? FindTravel(Location from, Location to, TimeSpan elapsed) =>
        LocationRules.FindImpossibleTravel(new(from, Now), to, Now + elapsed, maximumSpeed: 1000);
}
