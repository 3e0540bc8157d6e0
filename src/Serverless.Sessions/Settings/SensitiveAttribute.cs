namespace Serverless.Sessions.Settings;

/// <summary>The setting is a secret, or may contain one by mistake: its value is never shown.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SensitiveAttribute : Attribute;
