namespace Serverless.Functions.Tests;

public sealed class BudgetDocumentTests
{
    private static readonly Dictionary<string, TransactionCost> Budgets = new()
    {
        ["login"] = TransactionBudgets.Login,
        ["login from a new device, beside that"] = TransactionBudgets.NewDevice,
        ["security event of that"] = TransactionBudgets.RaisedEvent,
        ["failed login"] = TransactionBudgets.FailedLogin,
        ["login after a failure, beside a login"] = TransactionBudgets.ThrottleReset,
        ["refresh"] = TransactionBudgets.Refresh,
        ["status, not cached"] = TransactionBudgets.Status,
        ["list of sessions, page of the log"] = TransactionBudgets.List,
        ["logout"] = TransactionBudgets.Logout,
        ["purge of it"] = TransactionBudgets.PurgedSession,
        ["purge that files it again"] = TransactionBudgets.RefiledSession,
        ["retention of its log, an hour of use"] = TransactionBudgets.LogRetentionWithinADay,
        ["retention of its log, the last hour of a day"] = TransactionBudgets.LogRetention,
        ["removed rows of the timeline, one by one at the worst"] = TransactionBudgets.RemovedRows,
        ["PurgeExpiredSessions"] = TransactionBudgets.IdlePurge + TransactionBudgets.TimerRun,
        ["FlagSuspiciousIps"] = TransactionBudgets.IdleFlagging + TransactionBudgets.TimerRun,
        ["RaiseSecurityAlerts"] = TransactionBudgets.IdleAlerts + TransactionBudgets.TimerRun,
        ["SendOutbox"] = TransactionBudgets.IdleOutbox + TransactionBudgets.TimerRun,
        ["RollUpStatistics, with an hour to count"] = TransactionBudgets.RollUp + TransactionBudgets.TimerRun,
        ["RollUpStatistics, between two hours"] = TransactionBudgets.IdleRollUp + TransactionBudgets.TimerRun,
        ["PurgeOldLogs"] = TransactionBudgets.IdleRetention + TransactionBudgets.TimerRun,
    };

    [Theory]
    [InlineData("operation | times a session")]
    [InlineData("timer")]
    public void The_costs_of_a_million_sessions_are_worked_out_from_the_transactions_that_are_counted(string table) => Assert.All(
        MarkdownTable.Read(MarkdownTable.Page("scaling.md"), table).SkipLast(1),
        row => Assert.Equal((row[0], $"{Budgets[row[0]].Reads}", $"{Budgets[row[0]].Writes}"), (row[0], row[2], row[3])));

    [Fact]
    public void The_design_states_the_transactions_that_are_counted()
    {
        var design = MarkdownTable.Read(MarkdownTable.Page("design.md"), "operation").ToDictionary(row => row[0], row => row[1]);
        Assert.Equal(Words(TransactionBudgets.Login), design["login"]);
        Assert.Equal(Words(TransactionBudgets.FailedLogin), design["failed login, known email or not"]);
        Assert.Equal(Words(TransactionBudgets.Logout), design["logout"]);
        Assert.Equal($"{TransactionBudgets.PasskeyLogin.Reads} reads, {TransactionBudgets.PasskeyLogin.Writes} writes", design["login by passkey"]);
        Assert.Equal(
            $"0 / {TransactionBudgets.PasskeyAccount.Reads} reads and {TransactionBudgets.PasskeyAccount.Writes} writes",
            design["new account with a passkey: options / account"]);
        Assert.Equal(
            $"{TransactionBudgets.AddedPasskey.Reads} reads and {TransactionBudgets.AddedPasskey.Writes} writes, then the [outbox](#outbox)",
            design["passkey added in a session, with its mail"]);
        Assert.Equal(TransactionBudgets.Refresh.Total.ToString(CultureInfo.InvariantCulture), design["refresh, also when it regenerates"]);
        Assert.StartsWith(
            $"{TransactionBudgets.StepUp.Reads} reads, {TransactionBudgets.StepUp.Writes} write;", design["step-up by password"], StringComparison.Ordinal);
        Assert.Equal($"0 / {TransactionBudgets.Status.Total}", design["status, cached / not"]);
        Assert.Equal(TransactionBudgets.IdlePoll.Total.ToString(CultureInfo.InvariantCulture), design["notices"]);
        var shards = $"1 per shard ({TransactionBudgets.Shards})";
        Assert.StartsWith($"{shards} and window,", design["a page of activity"], StringComparison.Ordinal);
        Assert.StartsWith($"0 / 1, and {shards}", design["live figures of the statistics, cached / not"], StringComparison.Ordinal);
        Assert.Equal($"0 / {shards} and {TransactionBudgets.Readiness.Reads - TransactionBudgets.Shards}", design["readiness, cached / not"]);
        Assert.Equal($"{TransactionBudgets.TimerRun.Writes} write more", design["each run of a timer, to record it"]);
        Assert.Equal($"0 / {TransactionBudgets.Health.Reads}, besides the readiness", design["health for administrators, cached / not"]);

        static string Words(TransactionCost cost) => $"{cost.Reads} read, {cost.Writes} writes";
    }
}
