using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Sessions.Settings;

namespace Serverless.Sessions.Tests.Settings;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Count", "0", "Things__Count must be a whole number from 1 to 9, but is '0'.")]
    [InlineData("Count", "10", "Things__Count must be a whole number from 1 to 9, but is '10'.")]
    [InlineData("Count", "ten", "Things__Count must be a whole number from 1 to 9, but is 'ten'.")]
    [InlineData("Count", "99999999999", "Things__Count must be a whole number from 1 to 9, but is '99999999999'.")]
    [InlineData("Count", "", "Things__Count must be a whole number from 1 to 9, but is empty.")]
    [InlineData("Wait", "", "Things__Wait must be a time span such as 00:00:30 from 00:00:01 to 2.00:00:00, but is empty.")]
    [InlineData("On", "yes", "Things__On must be true or false, but is 'yes'.")]
    [InlineData("Colour", "blue", "Things__Colour must be Red, Green or Grey, but is 'blue'.")]
    [InlineData("Colour", "7", "Things__Colour must be Red, Green or Grey, but is '7'.")]
    [InlineData("Name", " ", "Things__Name must be set, but is empty.")]
    [InlineData("Code", "a\nb", "Things__Code must be letters, but is 'a b'.")]
    [InlineData("Home", "http://example.com", "Things__Home must be an https URL, but is 'http://example.com'.")]
    [InlineData("Home", "home", "Things__Home must be an https URL, but is 'home'.")]
    [InlineData("Pin", "hush", "Things__Pin must be digits, but is something else, which is not shown since it may hold a secret.")]
    [InlineData("Limit", "4", "Things__Count must not be above Things__Limit.")]
    public void A_wrong_value_gets_a_sentence_that_names_the_setting(string name, string value, string sentence) =>
        Assert.Equal([sentence], Refusals(($"Things:{name}", value)));

    public static TheoryData<string> NoTimeSpans =>
    [
        "24", "1", "24:00:00", "1:00:00", "01:00", "1:01:00:00", "00:00:01.5", "00:00:60",
        "-00:00:05", "00:00:00", "2.00:00:01", "99999999.00:00:00",
    ];

    [Theory]
    [MemberData(nameof(NoTimeSpans))]
    public void A_time_span_has_one_spelling_and_a_range(string value) => Assert.Equal(
        [$"Things__Wait must be a time span such as 00:00:30 from 00:00:01 to 2.00:00:00, but is '{value}'."],
        Refusals(("Things:Wait", value)));

    [Fact]
    public void All_wrong_values_get_theirs_and_only_then_do_contradictions() => Assert.Equal(
        ["Things__Count must be a whole number from 1 to 9, but is 'x'.", "Things__On must be true or false, but is 'y'."],
        Refusals(("Things:Count", "x"), ("Things:On", "y"), ("Things:Limit", "4")));

    [Fact]
    public void A_long_value_is_shown_in_part() => Assert.Equal(
        [$"Things__On must be true or false, but is '{new string('x', 60)}...'."], Refusals(("Things:On", new string('x', 61))));

    [Fact]
    public void A_good_value_arrives_and_the_others_keep_their_defaults()
    {
        using var services = With(("things:COUNT", "3"), ("Things:Colour", "green"), ("Things:Home", "https://example.com"), ("Things:Code", ""));
        services.GetRequiredService<IStartupValidator>().Validate();
        var things = services.GetRequiredService<IOptions<Things>>().Value;
        Assert.Equal((3, Colour.Green, "https://example.com/", "", 9), (things.Count, things.Colour, things.Home!.AbsoluteUri, things.Code, things.Limit));
    }

    [Theory]
    [InlineData("00:00:01", 1)]
    [InlineData(" 00:01:00 ", 60)]
    [InlineData("23:59:59", 86_399)]
    [InlineData("1.12:00:00", 129_600)]
    [InlineData("2.00:00:00", 172_800)]
    public void A_time_span_is_read_in_every_culture(string text, int seconds)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new("fr-FR");
            using var services = With(("Things:Wait", text));
            Assert.Equal(TimeSpan.FromSeconds(seconds), services.GetRequiredService<IOptions<Things>>().Value.Wait);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("Things:Counts", "Things__Counts", "Things__Count")]
    [InlineData("THINGS:cuont", "THINGS__cuont", "Things__Count")]
    [InlineData("Thing:Limit", "Thing__Limit", "Things__Limit")]
    public void A_mistyped_name_is_found_with_the_nearest_that_is_known(string key, string name, string nearest)
    {
        using var services = With((key, "1"));
        Assert.Equal([(name, nearest)], services.GetRequiredService<UnknownSettings>().Find());
    }

    [Theory]
    [InlineData("THINGS:count")]
    [InlineData("Others:Count")]
    [InlineData("Count")]
    public void A_setting_and_what_is_none_of_ours_are_no_mistakes(string key)
    {
        using var services = With((key, "1"));
        Assert.Empty(services.GetRequiredService<UnknownSettings>().Find());
    }

    private static IEnumerable<string> Refusals(params (string Key, string Value)[] values)
    {
        using var services = With(values);
        return Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate).Failures;
    }

    private static ServiceProvider With(params (string Key, string Value)[] values)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration).AddSingleton<UnknownSettings>().AddSettings<Things>("Things").BuildServiceProvider();
    }

    private enum Colour { Red, Green, Grey }

    private sealed class Things : IValidatableObject
    {
        [Range(1, 9)]
        public int Count { get; set; } = 5;

        [Range(1, 9)]
        public int Limit { get; set; } = 9;

        [Duration("00:00:01", "2.00:00:00")]
        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(30);

        public bool On { get; set; }

        [EnumDataType(typeof(Colour))]
        public Colour Colour { get; set; }

        [Required]
        public string Name { get; set; } = "thing";

        [RegularExpression("^[a-z]*$", ErrorMessage = "{0} must be letters")]
        public string Code { get; set; } = "code";

        [RegularExpression("^[0-9]*$", ErrorMessage = "{0} must be digits"), Sensitive]
        public string Pin { get; set; } = "";

        [HttpsUrl]
        public Uri? Home { get; set; }

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Count > Limit)
                yield return new("Things__Count must not be above Things__Limit.");
        }
    }
}
