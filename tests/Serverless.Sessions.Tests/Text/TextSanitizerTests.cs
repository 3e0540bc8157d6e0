namespace Serverless.Sessions.Tests.Text;

public sealed class TextSanitizerTests
{
    [Theory]
    [InlineData("a laptop", "a laptop")]
    [InlineData("  a\u200b laptop\u202e ", "a laptop")]
    [InlineData("e\u200b\u0301", "\u00e9")]
    [InlineData("e\u0301", "\u00e9")]
    [InlineData("a\u034f\u3164\u2800b", "ab")]
    [InlineData("\ufffea\u0378", "a")]
    [InlineData("\ud83d\udc69\u200d\ud83d\udcbb", "\ud83d\udc69\u200d\ud83d\udcbb")]
    [InlineData("\u2764\ufe0f", "\u2764\ufe0f")]
    [InlineData("\u200d\ufe0f", null)]
    [InlineData("\u200b", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_name_has_one_spelling_without_what_nobody_sees(string? text, string? name) =>
        Assert.Equal(name, TextSanitizer.Strip(text, 100));

    [Theory]
    [InlineData("ab\ud83d\udc69", 3, "ab")]
    [InlineData("ab c", 3, "ab")]
    [InlineData("abc\u0301", 3, "ab\u0107")]
    public void A_long_name_is_cut_between_characters(string text, int length, string name) =>
        Assert.Equal(name, TextSanitizer.Strip(text, length));

    [Fact]
    public void A_name_that_was_stripped_stays_as_it_is() => Any.Holds(
        Gen.Elements(
            "a", "e", "\u0301", " ", "\u200b", "\u200d", "\ufe0f", "\ufffe", "\ud800", "\udc00", "\ud83d\udc69", "\u0323",
            "\u1100", "\u1161", "\u3164").ArrayOf().Select(parts => string.Concat(parts)),
        text =>
        {
            for (var length = 1; length < 8; length++)
            {
                var once = TextSanitizer.Strip(text, length);
                Assert.Equal(once, TextSanitizer.Strip(once, length));
                Assert.True(once is null || (once.Length <= length && once.IsNormalized()));
            }
        });
}
