using EndToEnd.Tests.Contract;

namespace EndToEnd.Tests.Closed;

/// <summary>Rows of another shape than any version of the app writes.</summary>
[Collection(nameof(ClosedApp))]
public sealed class DamageTests(ClosedApp app)
{
    public const string Code = "internal_error";

    [Fact]
    public async Task A_failure_is_logged_and_answered_without_a_word_of_what_failed()
    {
        // What JSON has no number for.
        var login = await app.LoginAsync();
        var damage = new TableEntity(login.UserId, $"s:{login.SessionId}") { ["Country"] = "GB", ["Latitude"] = double.NaN };
        await app.Tables.Sessions.UpdateEntityAsync(damage, ETag.All, TableUpdateMode.Merge);
        var answer = (await app.Client.GetAsync("sessions/my-sessions", login.AccessToken)).IsProblem(Names.Problems[Code], Code);
        Assert.Null(answer.Header("Retry-After"));
        Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
        await Eventually.TrueAsync("the failure is logged", () =>
            app.Output.Contains($"MySessions{Printed.Of(1003)}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_an_outage_of_what_asks_for_it()
    {
        var login = await app.LoginAsync();
        var damage = new TableEntity(login.UserId, $"s:{login.SessionId}") { ["ExpiresAt"] = "one day" };
        await app.Tables.Sessions.UpdateEntityAsync(damage, ETag.All, TableUpdateMode.Merge);
        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(503, "unavailable");
        await Eventually.TrueAsync("the row is reported", () =>
            app.Output.Contains("A row can't be read and is skipped", StringComparison.Ordinal));
        (await app.Client.StatusAsync((await app.LoginAsync()).AccessToken)).IsOk();
    }
}
