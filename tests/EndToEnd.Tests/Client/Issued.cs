using System.Collections.Concurrent;

namespace EndToEnd.Tests.Client;

/// <summary>Every secret that went over the wire in this run, so that a test can look for them where they must not be.</summary>
internal static class Issued
{
    public static ConcurrentDictionary<string, bool> Secrets { get; } = [];

    public static void Add(string? secret)
    {
        if (secret is { Length: >= 12 })
            Secrets[secret] = true;
    }
}
