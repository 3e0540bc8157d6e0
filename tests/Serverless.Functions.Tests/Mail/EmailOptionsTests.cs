using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Serverless.Functions.Tests.Mail;

public sealed class EmailOptionsTests
{
    [Theory]
    [InlineData("SmtpHost", "mail.example.com ")]
    [InlineData("SmtpHost", "smtp://mail.example.com")]
    [InlineData("From", "")]
    [InlineData("From", "nobody")]
    [InlineData("From", "\u00E4nn@example.com")]
    [InlineData("LinkBase", "")]
    [InlineData("LinkBase", "app.example.com")]
    [InlineData("LinkBase", "http://app.example.com")]
    [InlineData("LinkBase", "https://app.example.com/#/account")]
    [InlineData("SmtpSecurity", "None")]
    [InlineData("SmtpSecurity", "Maybe")]
    [InlineData("SmtpUser", "")]
    [InlineData("SmtpPassword", "")]
    [InlineData("SmtpPort", "0")]
    [InlineData("TemplateFolder", "/no/such/folder")]
    [InlineData("MaximumPerHour", "0")]
    public void A_deployment_that_could_not_send_or_not_safely_does_not_start(string name, string value) => Assert.Contains(
        $"Email__{name}", Assert.Throws<OptionsValidationException>(() => Read("Production", (name, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_secret_is_not_shown() => Assert.DoesNotContain(
        "sesame", Assert.Throws<OptionsValidationException>(() => Read("Production", ("SmtpUser", ""))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("SmtpSecurity", "Tls")]
    [InlineData("SmtpPort", "465")]
    [InlineData("FromName", "")]
    [InlineData("From", "no-reply@b\u00FCcher.example")]
    public void What_a_deployment_may_set_is_taken(string name, string value) => Assert.NotNull(Read("Production", (name, value)));

    [Fact]
    public void Development_needs_neither_encryption_nor_a_page_of_its_own() => Assert.Equal(
        SmtpSecurity.None, Read("Development", ("SmtpSecurity", "None"), ("LinkBase", "")).SmtpSecurity);

    [Fact]
    public void Without_a_server_nothing_else_is_needed() => Assert.Equal(
        "", Read("Production", ("SmtpHost", ""), ("From", ""), ("LinkBase", ""), ("SmtpUser", ""), ("SmtpPassword", "")).SmtpHost);

    [Fact]
    public void Registrations_that_wait_for_a_mail_need_a_mail_server()
    {
        Assert.True(ReadAccounts("mail.example.com").VerifyEmail);
        Assert.Contains(
            "Email__SmtpHost must be set", Assert.Throws<OptionsValidationException>(() => ReadAccounts("")).Message, StringComparison.Ordinal);
    }

    private static AccountOptions ReadAccounts(string host)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Email:SmtpHost", host)]).Build();
        using var services = new ServiceCollection().AddMail(configuration).Configure<AccountOptions>(options => options.VerifyEmail = true)
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<AccountOptions>>().Value;
    }

    private static EmailOptions Read(string environment, params (string Name, string Value)[] others)
    {
        Dictionary<string, string?> values = new()
        {
            ["Email:SmtpHost"] = "mail.example.com", ["Email:SmtpUser"] = "app", ["Email:SmtpPassword"] = "open sesame",
            ["Email:From"] = "no-reply@example.com", ["Email:FromName"] = "Example", ["Email:LinkBase"] = "https://app.example.com/account",
        };
        foreach (var (name, value) in others)
            values[$"Email:{name}"] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        using var services = new ServiceCollection().AddMail(configuration).AddSingleton<IConfiguration>(configuration)
            .AddSingleton<IHostEnvironment>(new Environment(environment)).BuildServiceProvider();
        return services.GetRequiredService<IOptions<EmailOptions>>().Value;
    }

    private sealed class Environment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;
        public string ApplicationName { get; set; } = "";
        public string ContentRootPath { get; set; } = "";
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
