namespace Serverless.Sessions.Tests.Accounts;

public sealed class EmailTests
{
    [Theory]
    [InlineData("  Demo@Example.COM ", "demo@example.com")]
    [InlineData("o'brien+tag@example.com", "o'brien+tag@example.com")]
    [InlineData("Jose\u0301@example.com", "jos\u00e9@example.com")]
    [InlineData("first.last@example.com", "first.last@example.com")]
    [InlineData("J\u030cana@example.com", "\u01f0ana@example.com")]
    [InlineData("\u1f48\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03c2@example.com", "\u1f40\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03c3@example.com")]
    [InlineData("\u1f48\u0394\u03a5\u03a3\u03a3\u0395\u038e\u03a3@EXAMPLE.COM", "\u1f40\u03b4\u03c5\u03c3\u03c3\u03b5\u03cd\u03c3@example.com")]
    [InlineData("stra\u00dfe@example.com", "stra\u00dfe@example.com")]
    [InlineData("\u0131@example.com", "\u0131@example.com")]
    [InlineData("ana@B\u00dcCHER.example", "ana@xn--bcher-kva.example")]
    [InlineData("ana@XN--BCHER-KVA.example", "ana@xn--bcher-kva.example")]
    public void Spellings_that_people_take_for_the_same_are_the_same(string text, string normalized)
    {
        Assert.True(Email.TryParse(text, out var email));
        Assert.Equal(normalized, email.Value);
    }

    public static TheoryData<string?> NoAddresses =>
    [
        null, "", "   ", "@", "a@", "@b", "a@b@c", "a b@c", "a\u0000@c", "nothing",
        ".a@b.c", "a.@b.c", "a..b@c.d", "a@-b.c", "a@b-.c", "a@b..c", "a@b.c.", "a@b_c.d", "a@xn--a.example",
        "a\u034f@b.c", "a\u3164@b.c", "a\ufe0f@b.c", "a\ue000@b.c", "a\u0378@b.c", "a\ufffe@b.c",
        "\u017fam@b.c", "\u00b5@b.c", "\u0130stanbul@b.c", "I\u0307stanbul@b.c",
    ];

    [Theory]
    [MemberData(nameof(NoAddresses))]
    public void What_can_be_no_address_is_refused(string? text) => Assert.False(Email.TryParse(text, out _));

    [Fact]
    public void Half_of_a_surrogate_pair_is_no_text() => Assert.False(Email.TryParse("a\ud800@c", out _));

    [Fact]
    public void An_address_has_at_most_254_characters()
    {
        Assert.True(Email.TryParse(new string('a', 252) + "@b", out _));
        Assert.False(Email.TryParse(new string('a', 253) + "@b", out _));
        Assert.False(Email.TryParse(new string('a', 100_000) + "@b", out _));
    }

    [Fact]
    public void The_address_stays_as_it_was_typed()
    {
        Assert.True(Email.TryParse("  Jose\u0301.Ana@Example.COM ", out var email));
        Assert.Equal("Jos\u00e9.Ana@Example.COM", email.Address);
        Assert.Equal(email, Email.OfStored("jos\u00e9.ana@example.com", null));
    }

    [Fact]
    public void A_stored_normal_form_is_taken_as_it_stands() =>
        Assert.Equal("\u03c2@EXAMPLE.com", Email.OfStored("\u03c2@EXAMPLE.com", null).Value);

    [Fact]
    public void The_normal_form_is_a_fixed_point_and_the_same_in_each_case_for_every_character_with_a_case_or_another_form() =>
        AssertStable(Assigned().Where(rune => IsCased(rune) || !$"{rune}".IsNormalized()));

    [Fact]
    [Trait("Run", "nightly")]
    public void The_normal_form_is_a_fixed_point_and_the_same_in_each_case_for_every_character() => AssertStable(Assigned());

    [Fact]
    [Trait("Run", "nightly")]
    public void The_normal_form_is_a_fixed_point_and_the_same_in_each_case_for_letters_with_marks()
    {
        var cased = Assigned().Where(IsCased).ToList();
        // Only these make something else of a letter; how many there are grows with Unicode.
        var marks = Assigned().Where(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark)
            .Where(mark => cased.Exists(letter => $"{letter}{mark}".Normalize().Length < letter.Utf16SequenceLength + mark.Utf16SequenceLength)).ToList();
        Assert.True(marks.Count > 25);
        var pairs = from letter in cased from mark in marks from local in new[] { $"{letter}{mark}", $"{letter}{marks[0]}{mark}" } select local;
        Assert.DoesNotContain(pairs, local => !IsStable(local));
    }

    [Fact]
    public void A_sigma_at_the_end_of_a_word_is_a_sigma() => Assert.All(
        from before in new[] { "", "x", "\u03b1", "\u03b1\u0301", "'" }
        from after in new[] { "", "x", ".x", "'", "\u0301", "+\u03b1" }
        select (before, after),
        word => Assert.Single(new[] { "\u03a3", "\u03c3", "\u03c2" }.Select(sigma => Parse(word.before + sigma + word.after)?.Value).Distinct()));

    [Fact]
    public void Where_Unicode_cannot_be_normalized_the_app_does_not_start()
    {
        Assert.True(new UnicodeCheck(text => text.Normalize()).Validate(null, new()).Succeeded);
        Assert.Contains("ICU", Assert.Single(new UnicodeCheck(text => text).Validate(null, new()).Failures!));
        // Whatever the environment says: without the data the runtime itself doesn't start.
        Assert.True(AppContext.TryGetSwitch("System.Globalization.Invariant", out var invariant));
        Assert.False(invariant);
    }

    [Theory]
    [InlineData("\ufffe and more")]
    [InlineData("\ud800 and more")]
    public void A_password_that_cannot_be_normalized_stays_as_it_is(string text) => Assert.Equal(text, new Password(text).Text);

    [Fact]
    public void The_account_key_is_the_beginning_of_the_hash_of_the_normalized_address()
    {
        Assert.True(Email.TryParse(" DEMO@example.com", out var email));
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("demo@example.com"u8))[..32], email.ToAccountKey().Value);
    }

    private static IEnumerable<Rune> Assigned() =>
        from value in Enumerable.Range(0, 0x110000)
        where Rune.IsValid(value)
        let rune = new Rune(value)
        where Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse)
        select rune;

    private static bool IsCased(Rune rune) => Rune.ToUpperInvariant(rune) != rune || Rune.ToLowerInvariant(rune) != rune;

    private static void AssertStable(IEnumerable<Rune> runes) =>
        Assert.DoesNotContain(runes.SelectMany(rune => new[] { $"{rune}", $"x{rune}" }), local => !IsStable(local));

    // What is refused has no form that could differ.
    private static bool IsStable(string local)
    {
        if (Parse(local) is not { } email)
            return true;
        // Composed, since the capital of an iota below a letter that isn't is an iota beside it.
        var composed = local.Normalize();
        var cases = new[] { email.Value[..email.Value.LastIndexOf('@')], composed.ToUpperInvariant(), composed.ToLowerInvariant() };
        return cases.All(each => Parse(each)?.Value == email.Value || each.Normalize().Contains('\u0130', StringComparison.Ordinal));
    }

    private static Email? Parse(string local) => Email.TryParse(local + "@example.com", out var email) ? email : null;

    [Theory]
    [InlineData("")]
    [InlineData("6")]
    [InlineData("6A")]
    [InlineData("zz")]
    public void A_place_that_does_not_begin_with_a_byte_is_none(string beginning)
    {
        var account = Service.NewEmail().ToAccountKey();
        Assert.False(EmailPosition.TryParse($"{beginning}.{account}", out _));
        Assert.True(EmailPosition.TryParse($"6a.{account}", out _));
    }
}
