using Serverless.Functions.Passwords;
using Serverless.Sessions.Passwords;
using Serverless.Sessions.Storage;

namespace Serverless.Functions.Tests.Passwords;

public sealed class BreachedFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(0, "\n", true)]
    [InlineData(1, "\n", true)]
    [InlineData(2, "\r\n", false)]
    [InlineData(1_000, "\r\n", true)]
    [InlineData(1_000, "\n", false)]
    public async Task Every_hash_of_the_list_is_found_and_no_other(int count, string lineEnd, bool counted)
    {
        var lines = Enumerable.Range(0, count).Select(i => $"{HashOf($"leaked {i}")}{(counted ? $":{i * i * i + 1}" : "")}").Order(StringComparer.Ordinal);
        await File.WriteAllTextAsync(_path, string.Concat(lines.Select(line => line + lineEnd)));
        for (var i = 0; i < count; i++)
            Assert.True(await ContainsAsync($"leaked {i}"), $"{i}");
        for (var i = 0; i < 1_000; i++)
            Assert.False(await ContainsAsync($"other {i}"), $"{i}");
    }

    [Fact]
    public async Task The_last_line_may_have_no_end_and_the_digits_may_be_small()
    {
        var lines = Enumerable.Range(0, 9).Select(i => HashOf($"{i}").ToLowerInvariant()).Order(StringComparer.Ordinal);
        await File.WriteAllTextAsync(_path, string.Join('\n', lines));
        for (var i = 0; i < 9; i++)
            Assert.True(await ContainsAsync($"{i}"), $"{i}");
    }

    [Fact]
    public async Task A_list_of_Have_I_Been_Pwned_is_read()
    {
        await File.WriteAllTextAsync(_path, "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004\r\n");
        Assert.True(await ContainsAsync("password"));
        Assert.False(await ContainsAsync("Password"));
    }

    [Fact]
    public async Task Padding_counts_for_nothing()
    {
        await File.WriteAllTextAsync(_path, $"{HashOf("x")}:0\n");
        Assert.False(await ContainsAsync("x"));
    }

    [Theory]
    [InlineData("these are no hashes\n")]
    [InlineData("\n\n\n")]
    public async Task What_is_no_list_is_not_taken_for_one(string text)
    {
        await File.WriteAllTextAsync(_path, string.Concat(Enumerable.Repeat(text, 100)));
        await Assert.ThrowsAsync<BreachedListUnavailableException>(() => ContainsAsync("x"));
    }

    [Fact]
    public async Task A_file_without_lines_or_no_file_is_not_taken_for_one()
    {
        await File.WriteAllTextAsync(_path, new string('A', 10_000));
        await Assert.ThrowsAsync<BreachedListUnavailableException>(() => ContainsAsync("x"));
        File.Delete(_path);
        await Assert.ThrowsAsync<BreachedListUnavailableException>(() => ContainsAsync("x"));
    }

    private Task<bool> ContainsAsync(string password) =>
        new BreachedFile(Options.Create(new PasswordOptions { BreachedList = _path })).ContainsAsync(new(password), default);

    private static string HashOf(string password) => BreachedHash.Of(new(password));
}
