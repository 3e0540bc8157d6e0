using Microsoft.Extensions.Logging;

namespace Serverless.Functions.Tests.Locations;

public sealed class LocationDatabaseTests : IDisposable
{
    private const string Address = "193.99.144.80";

    private readonly string _file = Path.GetTempFileName();
    private readonly SteppedClock _clock = new();
    private readonly ListLogger _log = new();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(Address, "DE")]
    [InlineData("8.8.8.8", "US")]
    [InlineData("2a02:8100::1", "DE")]
    [InlineData("10.0.0.1", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("203.0.113.7", null)]
    [InlineData("fe80::1", null)]
    [InlineData("2001:db8::1", null)]
    [InlineData("unknown", null)]
    public void The_shipped_database_knows_the_country_of_public_addresses(string address, string? country)
    {
        var database = Open("");
        Assert.Equal(country, database.Find(address)?.Country);
        Assert.Null(database.Problem);
        Assert.InRange(database.DatabaseDate!.Value, new(2026, 1, 1), DateOnly.FromDateTime(DateTime.MaxValue));
    }

    [Theory]
    [InlineData(Address, "DE")]
    [InlineData("2a02:8100::1", null)]
    public void A_database_of_IPv4_addresses_knows_no_others(string address, string? country) =>
        Assert.Equal(country, Open(Path.Combine(
            RepositoryRoot.Path, "node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country-ipv4.mmdb")).Find(address)?.Country);

    [Theory]
    [InlineData("none", LocationPrecision.City)]
    [InlineData("", LocationPrecision.None)]
    public void Locations_may_be_off(string file, LocationPrecision precision)
    {
        var database = Open(file, precision);
        Assert.Equal((false, null, null, null), (database.IsOn, database.Find(Address), database.Problem, database.DatabaseDate));
    }

    [Fact]
    public void A_file_that_is_missing_or_no_database_costs_the_location_and_is_told_once()
    {
        var missing = Open("/no/such/file.mmdb");
        File.WriteAllText(_file, "This is not a database.");
        var wrong = Open(_file);
        for (var i = 0; i < 3; i++)
            Assert.Equal((null, null), (missing.Find(Address), wrong.Find(Address)));
        Assert.Equal(("missing", "unreadable"), (missing.Problem, wrong.Problem));
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public async Task A_changed_file_is_read_after_a_minute_and_one_that_has_become_unreadable_leaves_what_was_read()
    {
        File.WriteAllText(_file, "");
        var database = Open(_file);
        Assert.Null(database.Find(Address));
        File.Copy(Shipped, _file, overwrite: true);
        Assert.Null(database.Find(Address));
        _clock.Advance(LocationDatabase.CheckedEvery);
        await BecomesAsync(() => database.Find(Address)?.Country == "DE" && database.Problem is null);
        using (var file = File.OpenWrite(_file))
            file.SetLength(1_000_000);
        _clock.Advance(LocationDatabase.CheckedEvery);
        await BecomesAsync(() => database.Find(Address) is not null && database.Problem is not null);
        Assert.NotNull(database.Find(Address));
        Assert.Equal(2, _log.Count);
    }

    [Theory]
    [InlineData(180, false)]
    [InlineData(181, true)]
    public void A_database_that_is_half_a_year_old_is_told_when_it_is_read(int days, bool isOld)
    {
        var made = Open("").DatabaseDate!.Value.ToDateTime(default, DateTimeKind.Utc);
        _clock.Now = made.AddDays(days);
        _log.Clear();
        var database = Open("");
        Assert.Equal(("DE", isOld, null), (database.Find(Address)?.Country, database.IsOld, database.Problem));
        Assert.Equal(isOld ? 1 : 0, _log.Count);
    }

    [Fact]
    public void A_damaged_database_throws_nothing()
    {
        var whole = File.ReadAllBytes(Shipped);
        var random = new Random(7);
        for (var i = 0; i < 150; i++)
        {
            // Half of them in the data and its description, which are the end of the file.
            byte[] damaged = [.. whole];
            for (var j = 0; j < 40; j++)
                damaged[i % 2 == 0 ? damaged.Length - 1 - random.Next(2500) : random.Next(damaged.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(_file, damaged);
            var database = Open(_file);
            for (var j = 0; j < 50; j++)
                _ = database.Find($"{random.Next(1, 223)}.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}");
        }
    }

    private static string Shipped => new LocationOptions().File!;

    private static async Task BecomesAsync(Func<bool> condition)
    {
        for (var i = 0; i < 200 && !condition(); i++)
            await Task.Delay(10);
        Assert.True(condition());
    }

    private LocationDatabase Open(string file, LocationPrecision precision = LocationPrecision.City) => new(
        Options.Create(new LocationOptions { Database = file, Precision = precision }), _clock, _log);

    private sealed class SteppedClock : TimeProvider
    {
        private long _timestamp;

        // Before any database is old.
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => Interlocked.Read(ref _timestamp);
        public void Advance(TimeSpan by) => Interlocked.Add(ref _timestamp, by.Ticks);
    }

    private sealed class ListLogger : ConcurrentQueue<string>, ILogger<LocationDatabase>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Enqueue(formatter(state, exception));
    }
}
