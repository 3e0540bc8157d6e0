namespace Serverless.Functions.Push;

public sealed class PushOptions : IValidatableObject
{
    [Setting("whom a push service may write to about this app's messages (VAPID, RFC 8292): `mailto:` and an address, or an https URL; "
        + "empty turns web push off", "users should be told on their devices at once")]
    [RegularExpression(@"^(mailto:[^\s@""\\<>]+@[^\s@""\\<>]+|https://[^\s""\\<>]+)?$",
        ErrorMessage = "{0} must be mailto: and an address, or an https URL")]
    public string Subject { get; set; } = "";

    [Setting("the push services that messages may be sent to: hosts, and all under them", "your users' browsers use another push service",
        Allowed = "host names, separated by commas")]
    public string AllowedHosts { get; set; } =
        "fcm.googleapis.com, updates.push.services.mozilla.com, web.push.apple.com, notify.windows.com";

    internal bool IsOn => Subject.Length > 0;

    internal IReadOnlyList<string> Hosts =>
        AllowedHosts.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var host in Hosts.Where(host => Uri.CheckHostName(host) != UriHostNameType.Dns))
            yield return new($"Push__{nameof(AllowedHosts)} must be host names, separated by commas, but one is {Setting.Show(host)}.");
    }
}
