namespace Faults.Tests.Scenes;

public sealed record Party(Account Account)
{
    public string UserId => Account.Id.ToString();
    public string Key => Account.Email.ToAccountKey().Value;
    public string Email => Account.Email.Value;

    public List<Ticket> Tickets { get; } = [];

    public Ticket Ticket => Tickets[0];
    public IEnumerable<string> Marks => [UserId, Key, .. Tickets.Select(ticket => ticket.Id)];
}

public sealed record Ticket(Session Session, string AccessToken, string RefreshToken)
{
    public string Id => Session.Id.ToString();
}
