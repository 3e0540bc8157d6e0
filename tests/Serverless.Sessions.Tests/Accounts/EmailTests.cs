using Serverless.Sessions.Accounts;

namespace Serverless.Sessions.Tests.Accounts;

public sealed class EmailTests
{
    [Theory]
    [InlineData("  Demo@Example.COM ", "demo@example.com")]
    [InlineData("o'brien+tag@example.com", "o'brien+tag@example.com")]
    [InlineData("Jose\u0301@example.com", "jos\u00e9@example.com")]
    [InlineData("first.last@example.com", "first.last@example.com")]
    public void Spellings_that_people_take_for_the_same_are_the_same(string text, string normalized)
    {
        Assert.True(Email.TryParse(text, out var email));
        Assert.Equal(normalized, email.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("@b")]
    [InlineData("a@b@c")]
    [InlineData("a b@c")]
    [InlineData("a\u0000@c")]
    [InlineData("nothing")]
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
    public void The_account_key_is_the_beginning_of_the_hash_of_the_normalized_address()
    {
        Assert.True(Email.TryParse(" DEMO@example.com", out var email));
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("demo@example.com"u8))[..32], email.ToAccountKey().Value);
    }
}
