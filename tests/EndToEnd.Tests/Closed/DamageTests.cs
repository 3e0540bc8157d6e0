using Azure;
using Azure.Data.Tables;
using EndToEnd.Tests.Contract;
using EndToEnd.Tests.Hosting;

namespace EndToEnd.Tests.Closed;

/// <summary>What nobody expected: a row of another shape than any version of the app writes.</summary>
[Collection(nameof(ClosedApp))]
public sealed class DamageTests(ClosedApp app)
{
    public const string Code = "internal_error";

    [Fact]
    public async Task A_failure_is_logged_and_answered_without_a_word_of_what_failed()
    {
        var login = await app.LoginAsync();
        var damage = new TableEntity(login.UserId, $"s:{login.SessionId}") { ["ExpiresAt"] = "one day" };
        await app.Tables.Sessions.UpdateEntityAsync(damage, ETag.All, TableUpdateMode.Merge);

        var answer = (await app.Client.StatusAsync(login.AccessToken)).IsProblem(Names.Problems[Code], Code);

        Assert.Null(answer.Header("Retry-After"));
        Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
        await Eventually.TrueAsync("the failure is logged", () => Task.FromResult(app.Output.Contains($"Status{Printed.Of(1003)}", StringComparison.Ordinal)));
    }
}
