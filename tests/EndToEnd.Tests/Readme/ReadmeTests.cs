namespace EndToEnd.Tests.Readme;

[Collection(nameof(App))]
public sealed class ReadmeTests(App app)
{
    [Fact]
    public async Task The_commands_of_the_README_show_what_it_says_they_show()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "README.md"));
        var commands = ReadmeScript.Parse(readme
            .Replace("http://localhost:7071", app.BaseAddress.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace(AppSettings.Email, app.Email, StringComparison.Ordinal)
            .Replace(AppSettings.Password, app.Password, StringComparison.Ordinal));
        Assert.True(commands.Count(command => command.Expectations.Count > 0) >= 4, "The README shows too little to try.");

        var results = await Bash.RunAsync(commands);

        Assert.All(commands.Zip(results), step =>
        {
            var (command, (exitCode, output)) = step;
            Assert.True(exitCode == 0, $"Exit code {exitCode} of\n{command.Text}\n{output}");
            var refusal = command.Refuse(output);
            Assert.True(refusal is null, $"{refusal}:\n{command.Text}\n{output}");
        });
    }
}
