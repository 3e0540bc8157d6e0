namespace Faults.Tests.Scenes;

public sealed record Scene(params Party[] Parties)
{
    public Party User => Parties[0];

    /// <summary>Who asks for it, where that is somebody else.</summary>
    public Party Admin => Parties[^1];

    /// <summary>An email or an address that has no row yet.</summary>
    public string Newcomer { get; init; } = "";

    /// <summary>Emails without an account, at first.</summary>
    public IReadOnlyList<Email> Newcomers { get; init; } = [];

    /// <summary>The text of the link that is used.</summary>
    public string Token { get; init; } = "";

    /// <summary>That of the user, with their passkeys.</summary>
    public SoftwareAuthenticator Authenticator { get; init; } = new(AppSettings.PageOrigin);

    /// <summary>The body that ends a ceremony.</summary>
    public JsonObject Ceremony { get; init; } = [];

    /// <summary>Whether accounts end elsewhere than they began, so that the operation itself tells what is right.</summary>
    public bool Moves { get; init; }

    public string Attempt { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Other ids by which its calls are known.</summary>
    public IReadOnlyList<string> MoreMarks { get; init; } = [];

    public int Tries { get; set; }
    public Answer Answer { get; set; } = null!;

    /// <summary>Whether storage takes no activity from the operation, however often it tries.</summary>
    public bool LosesActivity { get; set; }

    public bool Acknowledged => Answer.Status is >= 200 and < 300;

    /// <summary>Users whose every row is to be right in the end.</summary>
    public List<string> Newborn { get; } = [];

    /// <summary>Of all emails.</summary>
    public IEnumerable<string> Keys =>
        [.. Parties.Select(party => party.Key), .. Newcomers.Select(email => email.ToAccountKey().Value), .. MoreMarks];

    public IEnumerable<string> Marks => Parties.SelectMany(party => party.Marks).Concat(Keys);
}
