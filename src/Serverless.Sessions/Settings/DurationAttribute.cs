namespace Serverless.Sessions.Settings;

/// <summary>A time span of whole seconds, from <c>least</c> to <c>most</c>, each <c>hh:mm:ss</c> or <c>d.hh:mm:ss</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationAttribute(string least, string most) : ValidationAttribute
{
    private static readonly string[] Forms = [@"hh\:mm\:ss", @"d\.hh\:mm\:ss"];

    public TimeSpan Least { get; } = TimeSpan.ParseExact(least, Forms, CultureInfo.InvariantCulture);

    public TimeSpan Most { get; } = TimeSpan.ParseExact(most, Forms, CultureInfo.InvariantCulture);

    public override bool IsValid(object? value) => value is TimeSpan span && span >= Least && span <= Most;

    // TimeSpan.Parse reads 24 and 24:00:00 as 24 days.
    internal static bool TryRead(string text, out TimeSpan span) =>
        TimeSpan.TryParseExact(text.Trim(), Forms, CultureInfo.InvariantCulture, out span);
}
