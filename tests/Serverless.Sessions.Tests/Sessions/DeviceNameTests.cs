namespace Serverless.Sessions.Tests.Sessions;

public sealed class DeviceNameTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", "Chrome on Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", "Safari on Mac")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1", "Chrome on iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", "Chrome on ChromeOS")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 YaBrowser/24.12.0.0 Safari/537.36", "Yandex Browser on Windows")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Vivaldi/7.0.3495.11", "Vivaldi on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 OPT/4.6.0", "Opera on iPhone")]
    [InlineData("Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.16", "Opera on Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15 Ddg/17.5", "DuckDuckGo on Mac")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0 Ddg/130.0.0.0", "DuckDuckGo on Windows")]
    [InlineData("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile DuckDuckGo/5 Safari/537.36", "DuckDuckGo on Android")]
    [InlineData("Mozilla/5.0 (Linux; U; Android 13; en-US) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.7.2 Mobile Safari/537.36", "UC Browser on Android")]
    [InlineData("Mozilla/5.0 (Linux; U; Android 4.0.3; de-de) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30", "Android")]
    [InlineData("curl/8.5.0", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_user_agent_is_named_as_people_would(string? userAgent, string? name) =>
        Assert.Equal(name, DeviceName.Of(userAgent, null, null));

    [Theory]
    [InlineData("\"Chromium\";v=\"130\", \"YaBrowser\";v=\"24.12\", \"Not?A_Brand\";v=\"99\", \"Yowser\";v=\"2.5\"", "Chrome/130.0.0.0 YaBrowser/24.12.0.0 Safari/537.36", "Yandex Browser")]
    [InlineData("\"YaBrowser\";v=\"24.12\", \"Chromium\";v=\"130\"", "Chrome/130.0.0.0 Safari/537.36", "Yandex Browser")]
    [InlineData("\"Chromium\";v=\"130\", \"Not?A_Brand\";v=\"99\"", "Chrome/130.0.0.0 YaBrowser/24.12.0.0 Safari/537.36", "Yandex Browser")]
    [InlineData("\"Chromium\";v=\"130\", \"Not?A_Brand\";v=\"99\"", "Chrome/130.0.0.0 Safari/537.36 Vivaldi/7.0.3495.11", "Vivaldi")]
    [InlineData("\"Google Chrome\";v=\"130\", \"Chromium\";v=\"130\"", "Chrome/130.0.0.0 Safari/537.36 Vivaldi/7.0.3495.11", "Vivaldi")]
    [InlineData("\"Chromium\";v=\"130\", \"Vivaldi\";v=\"7.0\"", "Chrome/130.0.0.0 Safari/537.36", "Vivaldi")]
    [InlineData("\"Chromium\";v=\"130\", \"Opera GX\";v=\"115\"", "Chrome/130.0.0.0 Safari/537.36", "Opera")]
    [InlineData("\"Microsoft Edge WebView2\";v=\"130\", \"Chromium\";v=\"130\"", "Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0 Ddg/130.0.0.0", "DuckDuckGo")]
    [InlineData("\"Google Chrome\";v=\"131\", \"Chromium\";v=\"131\"", "Chrome/131.0.0.0 Safari/537.36", "Chrome")]
    [InlineData("\"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\"", "Chrome/131.0.0.0 Safari/537.36", "Chromium")]
    public void A_browser_that_is_made_of_another_is_told_by_its_own_name(string brands, string userAgent, string name) =>
        Assert.Equal(name, DeviceName.Of(userAgent, brands, null));

    [Fact]
    public void Client_hints_are_believed_before_the_user_agent() => Assert.Equal(
        "Brave on Windows",
        DeviceName.Of(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            "\"Brave\";v=\"131\", \"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\"",
            "\"Windows\""));

    [Fact]
    public void Nonsense_in_the_hints_names_nothing() => Assert.Null(DeviceName.Of(null, "'; DROP TABLE--", "\"\u0000\""));
}
