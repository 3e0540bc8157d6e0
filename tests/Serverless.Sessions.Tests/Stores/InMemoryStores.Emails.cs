namespace Serverless.Sessions.Tests;

internal sealed partial class InMemoryStores
{
    private readonly Dictionary<EmailPosition, DateTimeOffset> _emails = [];

    public Task AddAsync(EmailPosition email, DateTimeOffset now, CancellationToken cancellationToken) => Locked(() => _emails[email] = now);

    public Task<EmailPage> ReadAsync(string prefix, EmailPosition? after, int limit, CancellationToken cancellationToken) => Locked(() =>
    {
        var rest = _emails.Keys.Where(email => email.Beginning.StartsWith(EmailPosition.BeginningOf(prefix), StringComparison.Ordinal)
                && string.CompareOrdinal($"{email}", $"{after}") > 0)
            .OrderBy(email => $"{email}", StringComparer.Ordinal).ToList();
        return new EmailPage([.. rest.Take(limit)], rest.Count > limit ? rest[limit - 1] : null);
    });

    public Task<bool> TryRemoveAsync(EmailPosition email, DateTimeOffset now, CancellationToken cancellationToken) => Locked(() =>
        !_emails.TryGetValue(email, out var at) || (at < now - EmailPosition.Grace && _emails.Remove(email)));
}
