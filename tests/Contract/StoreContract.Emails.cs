namespace Serverless.Testing;

public abstract partial class StoreContract
{
    [Fact]
    public async Task The_emails_that_begin_with_a_text_are_read_in_their_order_page_by_page()
    {
        var start = $"x{Guid.NewGuid():N}"[..20];
        var emails = new[] { "", "a.b", "a", "aa", "ab", "z", "é" }
            .Select(rest => EmailPosition.Of(EmailOf($"{start}{rest}@example.com"))).ToList();
        foreach (var email in emails.Append(EmailPosition.Of(EmailOf($"y{start}@example.com"))).Reverse())
            await Stores.Emails.AddAsync(email, Now, default);
        Assert.Equal(emails[1..5], (await Stores.Emails.ReadAsync($"{start}a", null, 10, default)).Emails);

        var read = new List<EmailPosition>();
        EmailPosition? next = null;
        do
        {
            var page = await Stores.Emails.ReadAsync(start, next, 3, default);
            read.AddRange(page.Emails);
            next = page.Next is { } position && EmailPosition.TryParse($"{position}", out var parsed) ? parsed : null;
        }
        while (next is not null);
        Assert.Equal(emails, read);
        Assert.Empty((await Stores.Emails.ReadAsync($"{start}b", null, 10, default)).Emails);
    }

    [Fact]
    public async Task The_longest_emails_have_their_place()
    {
        var start = $"{Guid.NewGuid():N}{new string('é', 180)}";
        var emails = new[] { "a", "b" }.Select(rest => EmailPosition.Of(EmailOf($"{start}{rest}@example.com"))).ToHashSet();
        foreach (var email in emails)
            await Stores.Emails.AddAsync(email, Now, default);
        Assert.Equal(emails, [.. (await Stores.Emails.ReadAsync(start, null, 10, default)).Emails]);
    }

    [Fact]
    public async Task An_email_is_removed_unless_it_was_added_or_renewed_a_short_while_ago()
    {
        var email = EmailPosition.Of(Service.NewEmail());
        var settled = Now + EmailPosition.Grace;
        await Stores.Emails.AddAsync(email, Now, default);
        Assert.False(await Stores.Emails.TryRemoveAsync(email, settled, default));
        await Stores.Emails.AddAsync(email, Now.AddMinutes(1), default);
        Assert.False(await Stores.Emails.TryRemoveAsync(email, settled.AddSeconds(1), default));
        Assert.Single(await FindAsync());
        Assert.True(await Stores.Emails.TryRemoveAsync(email, settled.AddMinutes(2), default));
        Assert.True(await Stores.Emails.TryRemoveAsync(email, settled.AddMinutes(2), default));
        Assert.Empty(await FindAsync());

        async Task<IEnumerable<EmailPosition>> FindAsync() =>
            (await Stores.Emails.ReadAsync(Encoding.UTF8.GetString(Convert.FromHexString(email.Beginning)), null, 10, default)).Emails;
    }

    private static Email EmailOf(string text) => Email.TryParse(text, out var email) ? email : throw new InvalidOperationException(text);
}
