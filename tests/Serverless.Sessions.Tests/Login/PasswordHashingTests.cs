namespace Serverless.Sessions.Tests.Login;

public sealed class PasswordHashingTests
{
    private static readonly Password Right = new("correct horse battery staple");

    [Theory]
    [InlineData(1_000)]
    [InlineData(2_000)]
    [InlineData(3_000)]
    public async Task Every_check_does_the_same_work_and_a_hash_of_fewer_iterations_asks_to_be_made_again(int iterations)
    {
        using var before = new PasswordHashing(Options.Create(new PasswordOptions { Iterations = iterations }));
        var stored = await before.HashAsync(Right, default);
        List<int> work = [];
        using var hashing = new PasswordHashing(Options.Create(new PasswordOptions { Iterations = 2_000 })) { Checked = work.Add };
        Assert.Equal(
            iterations < 2_000 ? PasswordCheck.SuccessRehashNeeded : PasswordCheck.Right,
            await hashing.CheckAsync(stored, Right, default));
        Assert.Equal(PasswordCheck.Wrong, await hashing.CheckAsync(stored, new("wrong password"), default));
        Assert.Equal(PasswordCheck.Wrong, await hashing.CheckAsync(null, Right, default));
        Assert.Equal(PasswordCheck.Right, await hashing.CheckAsync(await hashing.HashAsync(Right, default), Right, default));
        Assert.All(work, each => Assert.Equal(Math.Max(2_000, iterations), each));
        Assert.Equal(4, work.Count);
    }

    [Fact]
    public async Task Whoever_finds_no_free_core_in_time_is_told_to_come_back()
    {
        using var hashing = new PasswordHashing(Options.Create(new PasswordOptions { MaximumWait = TimeSpan.Zero, Iterations = 2_000_000 }));
        var checks = Enumerable.Range(0, Environment.ProcessorCount + 3).Select(_ => hashing.CheckAsync(null, Right, default)).ToArray();
        await Assert.ThrowsAsync<ServiceBusyException>(() => checks[^1]);
        Assert.Equal(PasswordCheck.Wrong, await checks[0]);
        await Task.WhenAll(checks.Take(Environment.ProcessorCount));
    }

    [Fact]
    public void Secrets_do_not_show_themselves()
    {
        Assert.Equal("[password]", Right.ToString());
        Assert.Equal("[password hash]", new PasswordHash("x").ToString());
    }
}
