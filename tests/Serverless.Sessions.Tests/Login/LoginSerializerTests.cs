namespace Serverless.Sessions.Tests.Login;

public sealed class LoginSerializerTests
{
    private static readonly AccountKey One = new("one");

    private readonly LoginSerializer _gate = new(Options.Create(new PasswordOptions { MaximumWait = TimeSpan.Zero }));

    [Fact]
    public async Task Whoever_waits_too_long_is_told_to_come_back_and_other_emails_go_on()
    {
        using (await _gate.EnterAsync(One, default))
        {
            await Assert.ThrowsAsync<ServiceBusyException>(() => _gate.EnterAsync(One, default));
            using var other = await _gate.EnterAsync(new("other"), default);
        }

        using var again = await _gate.EnterAsync(One, default);
    }

    [Fact]
    public async Task An_email_that_nobody_tries_is_forgotten()
    {
        using (await _gate.EnterAsync(One, default))
        {
            await Assert.ThrowsAsync<ServiceBusyException>(() => _gate.EnterAsync(One, default));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _gate.EnterAsync(One, new(canceled: true)));
            Assert.Equal(1, _gate.Count);
        }

        Assert.Equal(0, _gate.Count);
    }
}
