namespace EndToEnd.Tests.Pages;

/// <summary>A page as its build left it; where it isn't built, the app serves none.</summary>
internal sealed partial class BuiltPage
{
    public static readonly BuiltPage Dashboard = new("dashboard", "src/dashboard", "src/dashboard/dist", "trusted-types 'none'");
    public static readonly BuiltPage Demo = new(
        "demo", "src/client", "src/client/demo/dist", "trusted-types serverless-sessions", "session-sw.js");

    public static readonly Dictionary<string, BuiltPage> All = new() { [Dashboard.Route] = Dashboard, [Demo.Route] = Demo };

    private readonly string _source;
    private readonly string _policy;
    private readonly string? _worker;

    private BuiltPage(string route, string source, string folder, string trustedTypes, string? worker = null)
    {
        (Route, _source, _worker) = (route, source, worker);
        _policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            + (worker is null ? "" : "worker-src 'self'; ")
            + $"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; {trustedTypes}";
        var path = Path.Combine(RepositoryRoot.Path, folder);
        Files = Directory.Exists(path) ? [.. Directory.GetFiles(path).Select(file => Path.GetFileName(file)).Where(name => name != "index.html")] : [];
    }

    public string Route { get; }
    public IReadOnlyList<string> Files { get; }

    public bool IsBuilt => Files.Count > 0;
    public string FileName => Files.FirstOrDefault(file => file != _worker, "main.js");

    public void IsThePage(Answer answer)
    {
        if (!IsBuilt)
        {
            var detail = answer.IsProblem(404, "not_found").Json.Text("detail");
            Assert.Contains($"npm run build --workspace {_source}", detail, StringComparison.Ordinal);
            return;
        }

        Assert.Equal((200, "text/html; charset=utf-8"), (answer.Status, answer.Header("Content-Type")));
        IsGuarded(answer);
        Assert.DoesNotMatch(InlineCode(), answer.Text);
    }

    public void IsAFile(string name, Answer answer)
    {
        // A worker is known by its name, which stays when its content changes.
        var (caching, allowed) = name == _worker ? ("no-cache", $"../{Route}") : ("public, max-age=31536000, immutable", null);
        Assert.Equal((200, caching), (answer.Status, answer.Header("Cache-Control")));
        Assert.Equal(allowed, answer.Header("Service-Worker-Allowed"));
        IsGuarded(answer);
    }

    public void IsGuarded(Answer answer) => Assert.Equal(_policy, answer.Header("Content-Security-Policy"));

    public IEnumerable<string> LinksOf(Answer answer) =>
        Links().Matches(answer.Text).Where(link => link.Groups[1].Value == Route).Select(link => link.Groups[2].Value)
            .Concat(_worker is null ? [] : [_worker]);

    /// <summary>What a script loads when it needs it.</summary>
    public static IEnumerable<string> ImportsOf(Answer file) => Imports().Matches(file.Text).Select(import => import.Groups[1].Value);

    [GeneratedRegex(@"(?:src|href)=""(\w+)/([^""]+)""")]
    private static partial Regex Links();

    [GeneratedRegex(@"\bimport\([""`]\./([^""`]+)[""`]\)")]
    private static partial Regex Imports();

    [GeneratedRegex(@"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();
}
