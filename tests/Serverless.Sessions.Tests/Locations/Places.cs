namespace Serverless.Sessions.Tests.Locations;

internal static class Places
{
    public static readonly Location Berlin = new("DE") { City = "Berlin", Latitude = 52.52, Longitude = 13.405 };
    public static readonly Location Potsdam = new("DE") { City = "Potsdam", Latitude = 52.3906, Longitude = 13.0645 };
    public static readonly Location Paris = new("FR") { City = "Paris", Latitude = 48.8566, Longitude = 2.3522 };
    public static readonly Location London = new("GB") { City = "London", Latitude = 51.5074, Longitude = -0.1278 };
    public static readonly Location NewYork = new("US") { City = "New York", Latitude = 40.7128, Longitude = -74.006 };
    public static readonly Location Auckland = new("NZ") { City = "Auckland", Latitude = -36.8509, Longitude = 174.7645 };

    public static ClientInfo At(Location? location) => Service.Client with { Location = location };
    public static ClientInfo In(string country) => At(new(country));
}
