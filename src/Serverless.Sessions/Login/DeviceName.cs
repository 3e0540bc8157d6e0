namespace Serverless.Sessions.Login;

/// <summary>A name by which users recognize a device, such as "Chrome on Windows": from client hints if the browser sends them,
/// otherwise from the user agent. The table covers common browsers; no name is better than a wrong one.</summary>
public static class DeviceName
{
    private const string Chrome = "Chrome";
    private const string Chromium = "Chromium";

    // Ordered: most browsers also name the browsers they descend from.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("DuckDuckGo/", "DuckDuckGo"), ("Ddg/", "DuckDuckGo"),
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("Edge/", "Edge"),
        ("OPR/", "Opera"), ("OPiOS/", "Opera"), ("OPT/", "Opera"), ("OPX/", "Opera"), ("Opera/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"), ("YaBrowser/", "Yandex Browser"),
        ("UCBrowser/", "UC Browser"), ("MiuiBrowser/", "Mi Browser"), ("HuaweiBrowser/", "Huawei Browser"), ("QQBrowser/", "QQ Browser"),
        ("Whale/", "Whale"), ("Silk/", "Silk"),
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", Chrome), ("HeadlessChrome/", Chrome), ("Chrome/", Chrome),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
        ("Macintosh", "Mac"), ("Linux", "Linux"),
    ];

    private static readonly (string Mark, string Name)[] Brands =
    [
        ("DuckDuckGo", "DuckDuckGo"), ("\"Microsoft Edge\"", "Edge"), ("Opera", "Opera"), ("Samsung Internet", "Samsung Internet"),
        ("Vivaldi", "Vivaldi"), ("YaBrowser", "Yandex Browser"), ("Yandex", "Yandex Browser"), ("Brave", "Brave"), ("Whale", "Whale"),
        ("HuaweiBrowser", "Huawei Browser"), ("Google Chrome", Chrome), ("Chromium", Chromium),
    ];

    /// <summary>Reads the User-Agent, Sec-CH-UA and Sec-CH-UA-Platform headers; null if nothing is recognized.</summary>
    public static string? Of(string? userAgent, string? brands, string? platform)
    {
        var (hinted, told) = (Find(Brands, brands), BrowserOf(userAgent));
        // Many browsers hint only at the engine they are based on.
        var browser = hinted is null or Chrome or Chromium && told is not (null or Chrome) ? told : hinted ?? told;
        var system = FromClientHint(platform) ?? SystemOf(userAgent);
        return browser is null || system is null ? browser ?? system : $"{browser} on {system}";
    }

    /// <summary>Returns one of a closed list; null if none is recognized.</summary>
    public static string? BrowserOf(string? userAgent) => Find(Browsers, userAgent) ?? (IsSafari(userAgent) ? "Safari" : null);
    public static string? SystemOf(string? userAgent) => Find(Systems, userAgent);

    // Many programs send one of these; only Safari on Apple's systems sends "Version/" beside its own name.
    private static bool IsSafari(string? userAgent) =>
        userAgent is not null
            && Array.TrueForAll(["Mac OS X", "Version/", "Safari/"], mark => userAgent.Contains(mark, StringComparison.Ordinal));

    private static string? FromClientHint(string? platform) => platform?.Trim('"') switch
    {
        "macOS" => "Mac",
        "Chrome OS" or "Chromium OS" => "ChromeOS",
        "Windows" or "Android" or "Linux" or "iOS" => platform.Trim('"'),
        _ => null,
    };

    private static string? Find((string Mark, string Name)[] table, string? text) =>
        text is null ? null : Array.Find(table, row => text.Contains(row.Mark, StringComparison.Ordinal)).Name;
}
