namespace Serverless.Functions.Mail;

public sealed class EmailOptions : IValidatableObject
{
    [Setting("the mail server, by its name in its certificate; without one no mail is sent",
        "users should get mail: any service that speaks SMTP", Allowed = "a host name")]
    public string SmtpHost { get; set; } = "";

    [Setting("its port for sending, usually 587, or 465 with `Tls`", "the server has another one"), Range(1, 65535)]
    public int SmtpPort { get; set; } = 587;

    [Setting("how the connection is encrypted: `StartTls` after a greeting, which the server must offer; `Tls` from the start; "
        + "`None` in Development only",
        "the server speaks TLS from the start (port 465)"), EnumDataType(typeof(SmtpSecurity))]
    public SmtpSecurity SmtpSecurity { get; set; }

    [Setting("the user at the mail server", "the server requires a login"), Sensitive]
    public string SmtpUser { get; set; } = "";

    [Setting("the user's password", "there is a user: then it must be set"), Sensitive]
    public string SmtpPassword { get; set; } = "";

    [Setting("the sender's address, which the server must accept", "there is a mail server: then it must be set",
        Allowed = "an email address"), Sensitive]
    public string From { get; set; } = "";

    [Setting("the name of your product, as sender and in the mails; empty for the host of `Email__LinkBase`", "you send mail")]
    [StringLength(64, ErrorMessage = "{0} must be up to 64 characters")]
    public string FromName { get; set; } = "";

    [Setting("your page that the links of mails lead to, with `#verify=`, `#revert=` or `#reset=` and a token behind it; "
        + "in Development the demo",
        "there is a mail server: then it must be set")]
    [HttpsUrl(OrHttp = true)]
    public string LinkBase { get; set; } = "";

    [Setting("a folder with the mails in other languages, or in other words; relative to the app's",
        "your users read something else than English ([how](operations.md#mail))", Allowed = "a folder")]
    public string TemplateFolder { get; set; } = "";

    [Setting("how many of the mails that were created within an hour are sent, to all users; the others count in the next hour",
        "more users than that need mail, or your provider takes fewer")]
    [Range(1, 1000000)]
    public int MaximumPerHour { get; set; } = 1000;

    internal string? Folder => TemplateFolder.Length > 0 ? Path.GetFullPath(TemplateFolder, AppContext.BaseDirectory) : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SmtpHost.Length == 0)
            yield break;
        if (Uri.CheckHostName(SmtpHost) == UriHostNameType.Unknown)
            yield return new($"Email__{nameof(SmtpHost)} must be a host name, but is {Setting.Show(SmtpHost)}.");
        if (!Email.TryParse(From, out var from) || !System.Text.Ascii.IsValid(from.Address.Split('@')[0]))
            yield return Refuse(nameof(From), "an email address, in ASCII before the @", From);
        if (SmtpUser.Length > 0 != SmtpPassword.Length > 0)
            yield return new($"Email__{nameof(SmtpUser)} and Email__{nameof(SmtpPassword)} must be set both or neither.");
        if (LinkBase.Contains('#', StringComparison.Ordinal))
        {
            yield return new(
                $"Email__{nameof(LinkBase)} must be a URL without #, since the token comes behind one, but is {Setting.Show(LinkBase)}.");
        }

        if (Folder is { } folder && !Directory.Exists(folder))
            yield return new($"Email__{nameof(TemplateFolder)} must be a folder that exists, but {Setting.Show(folder)} doesn't.");
    }

    private static ValidationResult Refuse(string name, string form, string value) =>
        new($"Email__{name} must be {form}, since Email__{nameof(SmtpHost)} is set, "
            + $"but is {(value.Length == 0 ? "not" : "something else")}.");
}

public enum SmtpSecurity
{
    StartTls,
    Tls,
    None,
}

/// <summary>What Development allows: no encryption, and links to this machine.</summary>
internal sealed class EmailRules(IHostEnvironment environment) : IValidateOptions<EmailOptions>
{
    public ValidateOptionsResult Validate(string? name, EmailOptions options)
    {
        if (options.SmtpHost.Length == 0 || environment.IsDevelopment())
            return ValidateOptionsResult.Success;
        List<string> failures = [];
        if (options.SmtpSecurity == SmtpSecurity.None)
            failures.Add($"Email__{nameof(EmailOptions.SmtpSecurity)} must be StartTls or Tls outside Development, but is None.");
        if (!options.LinkBase.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            failures.Add($"Email__{nameof(EmailOptions.LinkBase)} must be an https URL outside Development, since "
                + $"Email__{nameof(EmailOptions.SmtpHost)} is set, "
                + $"but is {(options.LinkBase.Length == 0 ? "not" : Setting.Show(options.LinkBase))}.");
        }

        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
