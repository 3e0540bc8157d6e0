namespace EndToEnd.Tests.Readme;

public sealed class ReadmeScriptTests
{
    private const string Markdown =
        """
        Some text.

        ```sh
        dotnet dev.cs up
        # A comment.
        ANSWER='{"token":"abc","n":1}'
        # {"token":"...","n":1}
        TOKEN=$(echo "$ANSWER" | sed -E 's/.*"token":"([^"]+)".*/\1/')
        # Another comment.
        curl --version \
          | head -1; echo "{\"token\":\"$TOKEN\"}" 204
        # 204 and more
        # {"token":"abc"}
        ```

        ```json
        curl http://example.com
        ```
        """;

    [Fact]
    public void Commands_are_lines_of_sh_blocks_that_begin_with_curl_or_set_a_variable()
    {
        var commands = ReadmeScript.Parse(Markdown);
        Assert.Equal(["ANSWER", "TOKEN", null], commands.Select(command => command.Variable));
        Assert.Equal(["""{"token":"...","n":1}"""], commands[0].Expectations);
        Assert.Empty(commands[1].Expectations);
        Assert.Equal(["204 and more", """{"token":"abc"}"""], commands[2].Expectations);
        Assert.StartsWith("curl --version \\\n  | head -1; echo ", commands[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_run_in_one_shell()
    {
        var commands = ReadmeScript.Parse(Markdown);
        var results = await Bash.RunAsync(commands);
        Assert.Equal((0, "abc"), results[1]);
        Assert.All(commands.Zip(results), step => Assert.Null(step.First.Refuse(step.Second.Output)));
    }

    [Fact]
    public async Task A_command_that_fails_is_noticed()
    {
        var results = await Bash.RunAsync(ReadmeScript.Parse("```sh\ncurl -s http://127.0.0.1:1/\nEMPTY=\nLAST=1\n```\n"));
        Assert.Equal([7, 0, 0], results.Select(result => result.ExitCode));
        Assert.NotNull(new ReadmeCommand("EMPTY=", "EMPTY", []).Refuse(results[1].Output));
    }

    [Theory]
    [InlineData("200", "HTTP/1.1 200 OK\r\nDate: x\r\n\r\n{}", true)]
    [InlineData("200 and tokens", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{\"n\":401}", true)]
    [InlineData("401", "HTTP/1.1 200 OK\r\n\r\n{\"n\":401}", false)]
    [InlineData("204", "204", true)]
    [InlineData("204", "{\"a\":1}\n204\n", true)]
    [InlineData("204", "401", false)]
    [InlineData("204", "", false)]
    [InlineData("{\"active\":true, ... \"serverTime\": ...}", "{\"active\":true, \"x\":1,\"serverTime\":\"y\"}", true)]
    [InlineData("{\"active\":true,...\"serverTime\":...}", "{\"active\":true,\"x\":1,\"serverTime\":\"y\"}", true)]
    [InlineData("{\"active\":true,...}", "{\"active\":false,\"code\":1}", false)]
    [InlineData("\"b\"...\"a\"", "\"a\",\"b\"", false)]
    [InlineData("...", "anything", false)]
    public void An_expectation_is_a_status_or_text_with_gaps(string expectation, string output, bool fits) =>
        Assert.Equal(fits, ReadmeScript.Fits(expectation, output));
}
